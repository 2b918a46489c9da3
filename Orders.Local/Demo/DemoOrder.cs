using System.Text.Json.Serialization;

namespace Orders.Local.Demo;

/// <summary>An order as any client would send it.</summary>
internal sealed record DemoOrder(string MerchantId, string CustomerId, string Currency, IReadOnlyList<DemoLine> Items);

internal sealed record DemoLine(string ProductId, string ProductName, int Quantity, decimal UnitPrice);

/// <summary>The part of the response that the demonstration uses.</summary>
internal sealed record DemoAnswer(string OrderId);

internal sealed record DemoStatus(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoOrder))]
[JsonSerializable(typeof(DemoAnswer))]
[JsonSerializable(typeof(DemoStatus))]
internal sealed partial class DemoJson : JsonSerializerContext;
