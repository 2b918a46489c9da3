using System.Text.Json.Serialization;

namespace Orders.Engines.Data;

/// <summary>
/// The addresses of a running Orders.Local: <c>endpoints.json</c> in the data folder, for the commands of
/// Orders.Sync and Orders.Warehouse and for scripts. It is removed at the stop; after a kill, <c>pid</c>
/// shows that it is stale.
/// </summary>
internal sealed record Endpoints
{
    public required int Pid { get; init; }

    /// <summary>UTC, ISO 8601 with milliseconds.</summary>
    public required string StartedAt { get; init; }

    /// <summary>An Npgsql connection string.</summary>
    public required string Postgres { get; init; }

    /// <summary>A StackExchange.Redis configuration; null without Redis.</summary>
    public required string? Redis { get; init; }

    /// <summary>The endpoint of DynamoDB and of its streams.</summary>
    [JsonPropertyName("dynamodb")]
    public required string DynamoDb { get; init; }

    public required string Api { get; init; }
    public required string Query { get; init; }
    public required string Sync { get; init; }

    /// <summary>Null without Node.</summary>
    [JsonPropertyName("graphql")]
    public required string? GraphQL { get; init; }

    public required string Warehouse { get; init; }

    /// <summary>The folder of the lake, or <c>s3://bucket/prefix</c>.</summary>
    public required string Lake { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Endpoints))]
internal sealed partial class EndpointsJson : JsonSerializerContext;
