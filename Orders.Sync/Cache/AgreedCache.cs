using Orders.Domain.Cache;

namespace Orders.Sync.Cache;

/// <summary>What Postgres says about Redis.</summary>
/// <param name="Keys">The names of this read model in Redis.</param>
/// <param name="Identity">The identity of the Redis that is read (<c>sync.cache_identity</c>); null for
/// none.</param>
/// <param name="NextTransaction">The next transaction of Postgres: it never falls, unless the database is
/// replaced by an earlier state of itself.</param>
internal sealed record AgreedCache(CacheKeys Keys, string? Identity, ulong NextTransaction);
