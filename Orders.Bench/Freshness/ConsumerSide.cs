namespace Orders.Bench.Freshness;

/// <summary>One way to follow the stream.</summary>
/// <param name="Name">A description in a few words.</param>
/// <param name="RedisDatabase">The number of its own Redis database.</param>
/// <param name="Pace">How often it reads; null for Orders.Sync's own polling policy.</param>
internal sealed record ConsumerSide(string Name, int RedisDatabase, Pace? Pace = null);
