using Orders.Query.Cache;
using Orders.Query.Http;
using Orders.ServiceDefaults.SignIn;
using StackExchange.Redis;

namespace Orders.Query.ById;

/// <summary>An order, or the tombstone of one, from either store.</summary>
/// <param name="Version">Its version; of a tombstone, the version of the deletion.</param>
/// <param name="Merchant">The merchant, in the form of the store.</param>
/// <param name="Body">The rendered JSON; null for a tombstone.</param>
/// <param name="ServedBy">The store that had it.</param>
internal readonly record struct FoundOrder(long Version, RedisValue Merchant, byte[]? Body, ServedBy ServedBy)
{
    public FoundOrder(CachedOrder cached)
        : this(cached.Version, cached.Merchant, cached.Body, ServedBy.Redis)
    {
    }

    public FoundOrder(VersionedOrder stored)
        : this(stored.Version, stored.MerchantId, stored.Body, ServedBy.Postgres)
    {
    }

    /// <summary>Whether the caller may know that it exists or existed.</summary>
    public bool IsVisibleTo(Caller caller) => caller.AllMerchants || caller.MayUse((string)Merchant!);
}
