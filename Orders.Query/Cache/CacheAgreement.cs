using Orders.Domain.Cache;

namespace Orders.Query.Cache;

/// <summary>The state of Redis according to Postgres.</summary>
/// <param name="Keys">The names of the read model in Redis; null when the database is none.</param>
/// <param name="Identity">The identity that Redis must have.</param>
/// <param name="IsSuspended">Whether a writer cannot announce its changes.</param>
/// <param name="Writers">The live instances of Orders.Sync.</param>
/// <param name="NextTransaction">The next transaction of Postgres. It never falls, unless the database is
/// replaced by an earlier state of itself.</param>
internal sealed record CacheAgreement(CacheKeys? Keys, string? Identity, bool IsSuspended, string[] Writers, ulong NextTransaction)
{
    /// <summary>There is no read model: it was dropped, or is not made yet.</summary>
    public static readonly CacheAgreement NoReadModel = new(null, null, true, [], 0);

    /// <summary>Whether Redis, found with this identity under these names, may be read.</summary>
    public bool Allows(FoundCache found) => !IsSuspended && Keys == found.Keys && Identity == found.Identity;
}
