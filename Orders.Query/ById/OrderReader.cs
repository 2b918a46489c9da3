using Orders.Query.Cache;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;

namespace Orders.Query.ById;

/// <summary>
/// Finds one order: in Redis, else in Postgres, from where it goes into Redis for the next one who asks.
/// What is in Redis, when it may be read, is never older than what Postgres has.
/// </summary>
internal sealed class OrderReader(CachedOrders cache, Func<Guid, CancellationToken, Task<VersionedOrder?>> find, TimeProvider time)
{
    private readonly SingleFlight<Guid, FoundOrder?> _reads = new();
    private readonly SingleFlight<Guid, FoundOrder?> _checks = new();

    /// <summary>Makes one that reads what is not in Redis from a store.</summary>
    public OrderReader(CachedOrders cache, OrderStore store, TimeProvider time)
        : this(cache, store.FindAsync, time)
    {
    }

    /// <summary>Finds an order as it is now.</summary>
    /// <returns>Null where there is nothing; a tombstone where Redis or Postgres still knows that there
    /// was.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        cache.Read(await cache.AskAsync(orderId)) is { } cached
            ? new FoundOrder(cached)
            : await _reads.RunAsync(orderId, ReadAsync, cancellationToken).WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);

    /// <summary>Finds an order as of a version or a later one.</summary>
    /// <returns>Null where that version is not visible.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, long minVersion, CancellationToken cancellationToken)
    {
        var found = await FindAsync(orderId, cancellationToken);
        // Who asks knows of the version, and may know better than Redis.
        if (found is { ServedBy: ServedBy.Redis } && found.Value.Version < minVersion)
        {
            found = await _checks.RunAsync(orderId, CheckAsync, cancellationToken).WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);
        }

        return found?.Version >= minVersion ? found : null;
    }

    private async Task<FoundOrder?> CheckAsync(Guid orderId)
    {
        if (await find(orderId, CancellationToken.None) is not { } stored)
        {
            return null;
        }

        if (cache.Read(await cache.AskAsync(orderId)) is { } cached && cached.Version < stored.Version)
        {
            await cache.InvalidateAsync(orderId);
        }

        return new FoundOrder(stored);
    }

    // Shared, so that no request's end may cancel it: the read model's own limit bounds it.
    private async Task<FoundOrder?> ReadAsync(Guid orderId)
    {
        var (cached, ticket) = await cache.LookAsync(orderId);
        if (cached is { } entry)
        {
            return new FoundOrder(entry);
        }

        var stored = await find(orderId, CancellationToken.None);
        if (stored?.Body is not null)
        {
            await cache.FillAsync(stored, ticket);
        }
        else
        {
            await cache.GiveBackAsync(orderId, ticket);
        }

        return stored is null ? null : new FoundOrder(stored);
    }
}
