namespace Orders.Tests.Engines;

/// <summary>The stores of one test class.</summary>
public sealed record TestStores
{
    /// <summary>The DynamoDB table's name; the table is not made yet.</summary>
    public required string Table { get; init; }

    /// <summary>An Npgsql connection string; the database is empty.</summary>
    public required string Postgres { get; init; }

    /// <summary>
    /// A StackExchange.Redis configuration with a database of its own; null on a machine without Redis.
    /// </summary>
    public required string? Redis { get; init; }

    /// <summary>The endpoint of DynamoDB and of its streams.</summary>
    public required string DynamoDb { get; init; }

    /// <summary>The same as a service's settings.</summary>
    public Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:orders"] = Postgres,
        ["ConnectionStrings:redis"] = Redis,
        ["AWS_ENDPOINT_URL_DYNAMODB"] = DynamoDb,
        ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = DynamoDb,
        ["AWS_REGION"] = "us-east-1",
        ["Orders:Table"] = Table,
    };
}
