namespace Orders.Query.Status;

/// <summary>Makes the status from the checks.</summary>
internal static class StatusReport
{
    /// <param name="postgres">How Postgres answered.</param>
    /// <param name="redis">How Redis answered; null without a Redis.</param>
    /// <param name="readModel">The state in Postgres; null when it did not answer.</param>
    /// <param name="warehouse">How the warehouse is.</param>
    /// <param name="lagThreshold">The lag from which the read model counts as old.</param>
    public static StatusAnswer Of(EngineStatus postgres, EngineStatus? redis, ReadModelStatus? readModel, WarehouseAnswer warehouse, TimeSpan lagThreshold)
    {
        var engines = new StatusAnswer.EngineStatuses(postgres, redis ?? new(Ok: false, LatencyMs: null, "not configured: reads go to Postgres"));
        if (readModel is null)
        {
            return new() { Status = "down", Engines = engines, Warehouse = warehouse };
        }

        var shards = readModel.Replication.Shards;
        var lag = Lag.Of(readModel.Replication);
        var open = shards.Where(shard => shard.FinishedAt is null).ToList();
        return new()
        {
            Status = Word(lag, redis, readModel, lagThreshold),
            LagMs = (long?)lag?.TotalMilliseconds,
            LastChangeAt = shards.Max(shard => shard.LastChangeAt),
            CaughtUpAt = Lag.AsOf(readModel.Replication),
            Shards = new(open.Count, open.Count(shard => shard.Owned), shards.Count - open.Count, shards.Sum(shard => shard.Records)),
            DeadLetters = readModel.DeadLetters,
            Gaps = readModel.Gaps,
            CacheRepairs = readModel.CacheRepairs,
            Doubts = readModel.Doubts,
            PassedOver = readModel.PassedOver,
            Engines = engines,
            Warehouse = warehouse,
        };
    }

    /// <summary>
    /// The same for a key of some merchants: without the figures that count the orders of all, and with the
    /// lag in steps. <paramref name="readModel"/> has its own dead letters.
    /// </summary>
    public static StatusAnswer ForSomeMerchants(EngineStatus postgres, EngineStatus? redis, ReadModelStatus? readModel, WarehouseAnswer warehouse, TimeSpan lagThreshold)
    {
        // Whether somebody's orders are in doubt, or in a batch that Redis lacks, is not this key's either.
        var whole = Of(postgres, redis, readModel is null ? null : readModel with { CacheRepairs = 0, Doubts = 0 }, warehouse, lagThreshold);
        return whole with
        {
            LagMs = whole.LagMs is { } lag ? (long)LagSteps.Of(TimeSpan.FromMilliseconds(lag)).TotalMilliseconds : null,
            LastChangeAt = null,
            CaughtUpAt = readModel is not null && whole.CaughtUpAt is { } asOf ? LagSteps.Of(asOf, readModel.Replication.Now) : null,
            Shards = null,
            Gaps = null,
            CacheRepairs = null,
            Doubts = null,
            PassedOver = null,
            Warehouse = new() { State = warehouse.State },
        };
    }

    private static string Word(TimeSpan? lag, EngineStatus? redis, ReadModelStatus readModel, TimeSpan lagThreshold) =>
        lag is null || lag >= lagThreshold ? "lagging"
        : redis is { Ok: false } || readModel.DeadLetters > 0 || readModel.Gaps > 0 || readModel.CacheRepairs > 0 || readModel.Doubts > 0 ? "degraded"
        : "ok";
}
