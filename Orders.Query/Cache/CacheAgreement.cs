namespace Orders.Query.Cache;

/// <summary>What Postgres says of Redis.</summary>
/// <param name="Identity">What is in it when it is right.</param>
/// <param name="IsSuspended">A writer cannot announce its changes.</param>
/// <param name="Writers">The instances of Orders.Sync that live.</param>
internal sealed record CacheAgreement(string? Identity, bool IsSuspended, string[] Writers)
{
    public bool Allows(string identity) => !IsSuspended && Identity == identity;
}
