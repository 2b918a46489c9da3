using Orders.Query.Cache;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;

namespace Orders.Query.ById;

/// <summary>
/// Finds one order: in Redis, else in Postgres, and then fills Redis with it. While Redis is trusted, its
/// orders are never older than those in Postgres.
/// </summary>
internal sealed class OrderReader(CachedOrders cache, Func<Guid, CancellationToken, Task<VersionedOrder?>> find, TimeProvider time)
{
    private readonly SingleFlight<Guid, FoundOrder?> _reads = new();
    private readonly SingleFlight<Guid, FoundOrder?> _checks = new();

    /// <summary>Makes a reader that reads from a store what Redis does not have.</summary>
    public OrderReader(CachedOrders cache, OrderStore store, TimeProvider time)
        : this(cache, store.FindAsync, time)
    {
    }

    /// <summary>Finds the current version of an order.</summary>
    /// <returns>Null when there is none; a tombstone when Redis or Postgres still has the
    /// deletion.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        cache.Read(await cache.AskAsync(orderId)) is { } cached
            ? new FoundOrder(cached)
            : await _reads.RunAsync(orderId, ReadAsync, cancellationToken).WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);

    /// <summary>Finds a version of an order, or a later one.</summary>
    /// <returns>Null when that version is not visible yet.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, long minVersion, CancellationToken cancellationToken)
    {
        var found = await FindAsync(orderId, cancellationToken);
        // The caller knows that the version exists, so Redis may be behind.
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

    // Shared by callers, so the end of a request must not cancel it; the read model's own limit does.
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
