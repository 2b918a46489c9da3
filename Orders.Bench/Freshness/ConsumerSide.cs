namespace Orders.Bench.Freshness;

/// <summary>One way to follow the stream.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="RedisDatabase">Its own.</param>
/// <param name="Pace">How often it reads; null for Orders.Sync's own way.</param>
internal sealed record ConsumerSide(string Name, int RedisDatabase, Pace? Pace = null);
