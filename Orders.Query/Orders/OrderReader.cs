namespace Orders.Query;

/// <summary>Finds one order: in Redis, else in Postgres, from where it goes into Redis for the next one who asks.</summary>
internal sealed class OrderReader(CachedOrders cache, OrderStore store, TimeProvider time)
{
    private readonly SingleFlight<Guid, FoundOrder?> _misses = new();
    private readonly SingleFlight<Guid, StoredOrder?> _reads = new();

    /// <summary>Finds an order as of any version.</summary>
    /// <returns>Null where there is nothing; a tombstone where Redis or Postgres still knows that there was.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        CachedOrder.Read(await cache.AskAsync(orderId)) is { } cached
            ? new FoundOrder(cached)
            : await _misses.RunAsync(orderId, MissAsync, out _).WaitAsync(ReadDeadline.AfterRedis, time, cancellationToken);

    /// <summary>Finds an order as of a version or a later one.</summary>
    /// <returns>Null where that version is not visible.</returns>
    public async ValueTask<FoundOrder?> FindAsync(Guid orderId, long minVersion, CancellationToken cancellationToken)
    {
        if (CachedOrder.Read(await cache.AskAsync(orderId)) is { } cached && cached.Version >= minVersion)
            return new FoundOrder(cached);
        var stored = await _reads.RunAsync(orderId, ReadAsync, read => read?.Version >= minVersion, cancellationToken);
        return stored?.Version >= minVersion ? new FoundOrder(stored) : null;
    }

    // Whoever missed in Redis, and comes here after the flight that filled it has landed, finds it by a second look.
    private async Task<FoundOrder?> MissAsync(Guid orderId)
    {
        if (CachedOrder.Read(await cache.AskAsync(orderId)) is { } cached)
            return new FoundOrder(cached);
        return await _reads.RunAsync(orderId, ReadAsync, out _) is { } stored ? new FoundOrder(stored) : null;
    }

    // Shared, so that no request's end may cancel it: the read model's own limit bounds it.
    private async Task<StoredOrder?> ReadAsync(Guid orderId)
    {
        var stored = await store.FindAsync(orderId, CancellationToken.None);
        if (stored?.Body is not null)
            await cache.FillAsync(stored);
        return stored;
    }
}
