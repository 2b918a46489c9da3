using Orders.Query.Cache;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.ById;

/// <summary>
/// Finds one order: in Redis, else in Postgres, and then fills Redis with it. While Redis is trusted, its
/// orders are never older than those in Postgres.
/// </summary>
internal sealed class OrderReader(CachedOrders cache, Func<Guid, CancellationToken, Task<VersionedOrder?>> find, TimeProvider time)
{
    private readonly SingleFlight<Guid, FoundOrder?> _reads = new();
    private readonly SingleFlight<Guid, FoundOrder?> _checks = new();
    private readonly SingleFlight<Guid, FoundOrder?> _foreign = new();

    /// <summary>Makes a reader that reads from a store what Redis does not have.</summary>
    public OrderReader(CachedOrders cache, OrderStore store, TimeProvider time)
        : this(cache, store.FindAsync, time)
    {
    }

    /// <summary>Finds the current version of an order.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>Null when there is none that the caller may see; a tombstone when Redis or Postgres still
    /// has the deletion.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, Caller caller, CancellationToken cancellationToken)
    {
        var cached = cache.Read(await cache.AskAsync(orderId));
        if (cached is { } entry && new FoundOrder(entry) is var here && here.IsVisibleTo(caller))
        {
            return here;
        }

        Turn.Begin(caller, rows: 1);
        // Another merchant's order goes the same way as nobody's: the time of an answer tells nothing.
        var flight = cached is null ? _reads.RunAsync(orderId, ReadAsync, cancellationToken) : _foreign.RunAsync(orderId, ReadForeignAsync, cancellationToken);
        var found = await flight.WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);
        return found is { } order && order.IsVisibleTo(caller) ? order : null;
    }

    /// <summary>Finds a version of an order, or a later one.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="minVersion">This version or a later one.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <returns>Null when that version is not visible yet.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, long minVersion, Caller caller, CancellationToken cancellationToken)
    {
        var found = await FindAsync(orderId, caller, cancellationToken);
        // The caller knows that the version exists, so Redis may be behind.
        if (found is { ServedBy: ServedBy.Redis } && found.Value.Version < minVersion)
        {
            Turn.Begin(caller, rows: 1);
            found = await _checks.RunAsync(orderId, CheckAsync, cancellationToken).WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);
        }

        return found?.Version >= minVersion && found.Value.IsVisibleTo(caller) ? found : null;
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

    // As many calls as for an order that is nowhere: Redis, Postgres, Redis. The order may have come to be
    // the caller's own meanwhile.
    private async Task<FoundOrder?> ReadForeignAsync(Guid orderId)
    {
        _ = await cache.LookAsync(orderId);
        var stored = await find(orderId, CancellationToken.None);
        _ = await cache.AskAsync(orderId);
        return stored is null ? null : new FoundOrder(stored);
    }
}
