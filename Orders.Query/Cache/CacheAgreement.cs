namespace Orders.Query.Cache;

/// <summary>The state of Redis according to Postgres.</summary>
/// <param name="Identity">The identity that Redis must have.</param>
/// <param name="IsSuspended">Whether a writer cannot announce its changes.</param>
/// <param name="Writers">The live instances of Orders.Sync.</param>
internal sealed record CacheAgreement(string? Identity, bool IsSuspended, string[] Writers)
{
    public bool Allows(string identity) => !IsSuspended && Identity == identity;
}
