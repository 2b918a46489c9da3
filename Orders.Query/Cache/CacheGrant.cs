using Orders.Domain.Cache;
using StackExchange.Redis;

namespace Orders.Query.Cache;

/// <summary>The permission to read Redis.</summary>
/// <param name="Keys">The names of the read model in Redis.</param>
/// <param name="Filling">The filling that is trusted: entries of another one are misses.</param>
/// <param name="Until">When it ends, by this process's monotonic clock.</param>
/// <param name="Interruptions">For the connection on which it was found out.</param>
internal sealed record CacheGrant(CacheKeys Keys, RedisValue Filling, long Until, int Interruptions);
