namespace Orders.Engines;

/// <summary>Where the running engines answer.</summary>
/// <param name="Postgres">An Npgsql connection string.</param>
/// <param name="Redis">A StackExchange.Redis configuration; null where there is no Redis.</param>
/// <param name="DynamoDb">The endpoint of the write store, http.</param>
internal sealed record EngineAddresses(string Postgres, string? Redis, string DynamoDb);
