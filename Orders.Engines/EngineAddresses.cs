namespace Orders.Engines;

/// <summary>The addresses of the running engines.</summary>
/// <param name="Postgres">An Npgsql connection string.</param>
/// <param name="Redis">A StackExchange.Redis configuration; null without Redis.</param>
/// <param name="DynamoDb">The HTTP endpoint of the write store.</param>
internal sealed record EngineAddresses(string Postgres, string? Redis, string DynamoDb);
