namespace Orders.Query;

/// <summary>
/// How far the read model is behind the stream. While nothing happens the last change is old and the lag is still zero: the owner of a shard says
/// about every second that it has nothing left to read. When it no longer does, nothing is known since then, and the lag grows.
/// </summary>
internal static class Lag
{
    // The owner's sign of life comes with the renewal of its lease, each second; one may be late.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);

    // Two signs of life without a change between them: what was behind then has been made up for.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>The largest lag of any shard.</summary>
    /// <param name="shards">Every shard that is known.</param>
    /// <param name="now">By the clock that wrote their times.</param>
    /// <returns>Null when no shard is known: nothing follows the stream, or never did.</returns>
    public static TimeSpan? Of(IReadOnlyCollection<ShardState> shards, DateTimeOffset now)
    {
        if (shards.Count == 0)
            return null;
        var open = shards.Where(shard => shard.FinishedAt is null).ToList();
        // Between the end of a shard and the discovery of what comes after it.
        if (open is [])
            return now - shards.Max(shard => shard.FinishedAt!.Value);
        return open.Max(shard => Of(shard, Parent(shard, shards), now));
    }

    /// <summary>The time up to which everything is known to be here. Earlier than the lag alone would tell, which forgives a sign of life that is a little late.</summary>
    /// <param name="shards">Every shard that is known.</param>
    /// <returns>By the database's clock; null while a shard has not been read to its end yet, or the next ones are not discovered.</returns>
    public static DateTimeOffset? AsOf(IReadOnlyCollection<ShardState> shards)
    {
        // Behind an open parent there is nothing yet that the parent does not tell of.
        var read = shards.Where(shard => shard.FinishedAt is null && Parent(shard, shards) is not { FinishedAt: null }).ToList();
        return read is [] || read.Exists(shard => shard.CaughtUpAt is null) ? null : read.Min(shard => shard.CaughtUpAt - Behind(shard, shard.CaughtUpAt!.Value));
    }

    private static DateTimeOffset Begin(ShardState shard, ShardState? parent) =>
        parent?.FinishedAt > shard.DiscoveredAt ? parent.FinishedAt.Value : shard.DiscoveredAt;

    private static TimeSpan Of(ShardState shard, ShardState? parent, DateTimeOffset now)
    {
        if (shard.CaughtUpAt is not { } caughtUpAt)
        {
            // It is not its turn before its parent has ended; until then the lag is its parent's.
            if (parent is { FinishedAt: null })
                return TimeSpan.Zero;
            var begin = Begin(shard, parent);
            return now - begin > SignOfLife ? now - begin : TimeSpan.Zero;
        }

        var silence = now - caughtUpAt;
        return Behind(shard, caughtUpAt) + (silence > SignOfLife ? silence : TimeSpan.Zero);
    }

    private static TimeSpan Behind(ShardState shard, DateTimeOffset caughtUpAt)
    {
        if (shard.AppliedAt is not { } appliedAt || shard.LastChangeAt is not { } lastChangeAt || caughtUpAt - appliedAt >= Quiet)
            return TimeSpan.Zero;
        // Another machine's clock wrote the item's time, and may be ahead.
        return appliedAt > lastChangeAt ? appliedAt - lastChangeAt : TimeSpan.Zero;
    }

    private static ShardState? Parent(ShardState shard, IReadOnlyCollection<ShardState> shards) =>
        shard.ParentShardId is null ? null : shards.FirstOrDefault(other => other.ShardId == shard.ParentShardId);
}
