using System.Text;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A span as a collector is sent it (opentelemetry/proto/trace/v1/trace.proto). Ids are hexadecimal.
/// </summary>
internal sealed record ExportedSpan
{
    public const string Http = "System.Net.Http";
    public const string Npgsql = "Npgsql";
    public const string Redis = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private const ulong ErrorStatus = 2;

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    /// <summary>Null for a root.</summary>
    public required string? ParentId { get; init; }

    public required string Name { get; init; }

    /// <summary>The activity source.</summary>
    public required string Source { get; init; }

    /// <summary>The resource's <c>service.name</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Attributes that are texts or whole numbers.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The spans that it links to.</summary>
    public required IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; }

    public required bool IsError { get; init; }

    public static IEnumerable<ExportedSpan> Read(OtlpReceiver.Export export) =>
        from resource in Protobuf.Read(Encoding.Latin1.GetBytes(export.Body), 1)
        let service = Protobuf.Read(resource.Bytes, 1).Select(field => Attributes(field.Bytes, 1)["service.name"]).Single()
        from scope in Protobuf.Read(resource.Bytes, 2)
        let source = Protobuf.Read(scope.Bytes, 1).SelectMany(field => Protobuf.Read(field.Bytes, 1)).Select(name => name.Text).Single()
        from span in Protobuf.Read(scope.Bytes, 2)
        select Read(span.Bytes, source, service);

    private static ExportedSpan Read(ReadOnlyMemory<byte> span, string source, string service)
    {
        var fields = Protobuf.Read(span).ToLookup(field => field.Id);
        return new()
        {
            TraceId = fields[1].Single().Hex,
            SpanId = fields[2].Single().Hex,
            ParentId = fields[4].Select(field => field.Hex).SingleOrDefault(id => id.Length > 0),
            Name = fields[5].Single().Text,
            Source = source,
            Service = service,
            Tags = Attributes(span, 9),
            Links = [.. fields[13].Select(link => (Protobuf.Read(link.Bytes, 1).Single().Hex, Protobuf.Read(link.Bytes, 2).Single().Hex))],
            IsError = fields[15].SelectMany(status => Protobuf.Read(status.Bytes, 3)).Any(code => code.Number == ErrorStatus),
        };
    }

    private static Dictionary<string, string> Attributes(ReadOnlyMemory<byte> message, int id)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in Protobuf.Read(message, id))
        {
            var value = Protobuf.Read(attribute.Bytes, 2).SelectMany(field => Protobuf.Read(field.Bytes)).SingleOrDefault();
            attributes[Protobuf.Read(attribute.Bytes, 1).Single().Text] = value.Id == 1 ? value.Text : value.Number.ToString();
        }

        return attributes;
    }
}
