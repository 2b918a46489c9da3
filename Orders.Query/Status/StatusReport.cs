namespace Orders.Query;

/// <summary>Makes the status of what was found.</summary>
internal static class StatusReport
{
    /// <param name="postgres">How Postgres answered.</param>
    /// <param name="redis">How Redis answered; null when there is none to answer.</param>
    /// <param name="readModel">What Postgres said; null when it did not answer.</param>
    /// <param name="lagThreshold">From which lag on the read model counts as old.</param>
    public static StatusAnswer Of(EngineStatus postgres, EngineStatus? redis, ReadModelStatus? readModel, TimeSpan lagThreshold)
    {
        var engines = new StatusAnswer.EngineStatuses(postgres, redis ?? new(Ok: false, LatencyMs: null, "not configured: reads go to Postgres"));
        if (readModel is null)
            return new() { Status = "down", Engines = engines };

        var lag = Lag.Of(readModel.Shards, readModel.Now);
        var open = readModel.Shards.Where(shard => shard.FinishedAt is null).ToList();
        return new()
        {
            Status = Word(lag, redis, readModel, lagThreshold),
            LagMs = (long?)lag?.TotalMilliseconds,
            LastChangeAt = readModel.Shards.Max(shard => shard.LastChangeAt),
            CaughtUpAt = open.Min(shard => shard.CaughtUpAt),
            Shards = new(open.Count, open.Count(shard => shard.Owned), readModel.Shards.Count - open.Count, readModel.Shards.Sum(shard => shard.Records)),
            DeadLetters = readModel.DeadLetters,
            Gaps = readModel.Gaps,
            CacheRepairs = readModel.CacheRepairs,
            Engines = engines,
        };
    }

    private static string Word(TimeSpan? lag, EngineStatus? redis, ReadModelStatus readModel, TimeSpan lagThreshold) =>
        lag is null || lag >= lagThreshold ? "lagging"
        : redis is { Ok: false } || readModel.DeadLetters > 0 || readModel.Gaps > 0 || readModel.CacheRepairs > 0 ? "degraded"
        : "ok";
}
