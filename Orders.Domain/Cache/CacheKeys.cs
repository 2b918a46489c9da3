using System.Globalization;

namespace Orders.Domain.Cache;

/// <summary>
/// The names of one read model in Redis. All begin with <c>orders:{scope}:</c>, so that several environments
/// may share a Redis: none reads, overwrites, purges or hears what belongs to another one.
/// </summary>
/// <param name="Scope">The scope of the read model: <c>sync.cache_scope()</c> in its database. It is never
/// learnt from Redis.</param>
public sealed record CacheKeys(string Scope)
{
    private readonly string _orders = $"orders:{Scope}:order:";

    /// <summary>The channel that publishes every change.</summary>
    public string Changes { get; } = $"orders:{Scope}:changes";

    /// <summary>
    /// The identity of the orders in this Redis, in the format of <see cref="CacheIdentity"/>. Postgres has
    /// the same value in <c>sync.cache_identity</c>. If the two differ, Redis is not read, and Orders.Sync
    /// purges the read model's orders there before it is read again.
    /// </summary>
    public string Identity { get; } = $"orders:{Scope}:purged";

    /// <summary>
    /// The last transaction of Postgres that Orders.Sync has seen. A Postgres that is before it was restored
    /// from a backup: Redis may have orders that it does not have.
    /// </summary>
    public string LastTransaction { get; } = $"orders:{Scope}:xid";

    /// <summary>
    /// A hash with a field for each Orders.Sync that announces its changes here before it commits them, and
    /// a number that rises with every heartbeat. It lives <see cref="OrderCache.BeatLifetime"/>.
    /// </summary>
    public string Writers { get; } = $"orders:{Scope}:writers";

    /// <summary>The pattern of the keys of all orders.</summary>
    public string OrderPattern => _orders + "*";

    /// <summary>The key of an order.</summary>
    public string Order(Guid orderId) => string.Create(CultureInfo.InvariantCulture, $"{_orders}{orderId:D}");

    /// <summary>Reads the order from its key.</summary>
    /// <returns>Null for a key of anything else.</returns>
    public Guid? OrderOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith(_orders, StringComparison.Ordinal) && Guid.TryParseExact(key.AsSpan(_orders.Length), "D", out var orderId) ? orderId : null;
    }
}
