namespace Orders.Query.Status;

/// <summary>
/// The lag of the read model behind the stream. It is measured from the last time that a shard was polled
/// without result, which its owner stores about every second. Without changes the lag stays near zero; when
/// the owner stops, the lag grows. No writer's clock is used.
/// </summary>
internal static class Lag
{
    // The owner's heartbeat comes every second; one may be late.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);

    // The shards are listed every ten seconds; listing a very large stream takes longer.
    private static readonly TimeSpan ListingHolds = TimeSpan.FromMinutes(1);

    // The stream rounds times down to whole seconds.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The largest lag of any shard.</summary>
    /// <param name="replication">The stored state of the stream.</param>
    /// <returns>Null when no shard is known: the stream was never read.</returns>
    public static TimeSpan? Of(ReplicationState replication)
    {
        var (now, shards) = (replication.Now, replication.Shards);
        if (shards.Count == 0)
        {
            return null;
        }

        var open = shards.Where(shard => shard.FinishedAt is null).ToList();
        // The time between the end of a shard and the discovery of its children.
        if (open is [])
        {
            return now - shards.Max(shard => shard.FinishedAt!.Value);
        }

        var parents = Parents(shards);
        var lag = open.Max(shard => Of(shard, Parent(shard, parents), now));
        return StaleListing(replication) is { } listedAt && now - listedAt > lag ? now - listedAt : lag;
    }

    /// <summary>
    /// The time up to which everything is known to be applied. It may be earlier than the lag suggests,
    /// since the lag tolerates a late heartbeat.
    /// </summary>
    /// <param name="replication">The stored state of the stream.</param>
    /// <returns>By the database's clock; null while a shard has never been caught up, or the next shards are
    /// not discovered.</returns>
    public static DateTimeOffset? AsOf(ReplicationState replication)
    {
        // A shard with an open parent does not count: its changes come after those of its parent.
        var parents = Parents(replication.Shards);
        var read = replication.Shards.Where(shard => shard.FinishedAt is null && Parent(shard, parents) is not { FinishedAt: null }).ToList();
        if (read is [] || read.Exists(shard => shard.AsOf is null))
        {
            return null;
        }

        var asOf = read.Min(shard => shard.AsOf);
        return StaleListing(replication) is { } listedAt && listedAt < asOf ? listedAt : asOf;
    }

    // With an old listing, unknown shards may exist.
    private static DateTimeOffset? StaleListing(ReplicationState replication) =>
        replication.ListedAt is { } listedAt && replication.Now - listedAt > ListingHolds ? listedAt : null;

    private static DateTimeOffset Begin(ShardFreshness shard, ShardFreshness? parent) =>
        parent?.FinishedAt > shard.DiscoveredAt ? parent.FinishedAt.Value : shard.DiscoveredAt;

    private static TimeSpan Of(ShardFreshness shard, ShardFreshness? parent, DateTimeOffset now)
    {
        // A shard counts from the end of its parent; before that, the parent's lag counts.
        if (shard.AsOf is null && parent is { FinishedAt: null })
        {
            return TimeSpan.Zero;
        }

        var asOf = shard.AsOf ?? Begin(shard, parent);
        var lastSign = shard.AppliedAt > asOf ? shard.AppliedAt.Value : asOf;
        return now - lastSign > SignOfLife ? now - asOf : Behind(shard, asOf, lastSign);
    }

    // A lower bound: what was applied after the shard was last caught up was written after that time, or in
    // the second that its record names.
    private static TimeSpan Behind(ShardFreshness shard, DateTimeOffset asOf, DateTimeOffset appliedAt)
    {
        var latest = shard.CaughtUpAt == asOf ? asOf : asOf + Second;
        return appliedAt > latest ? appliedAt - latest : TimeSpan.Zero;
    }

    private static Dictionary<(string StreamArn, string ShardId), ShardFreshness> Parents(IEnumerable<ShardFreshness> shards)
    {
        var parents = new Dictionary<(string, string), ShardFreshness>();
        foreach (var shard in shards)
        {
            parents[(shard.StreamArn, shard.ShardId)] = shard;
        }

        return parents;
    }

    private static ShardFreshness? Parent(ShardFreshness shard, Dictionary<(string StreamArn, string ShardId), ShardFreshness> parents) =>
        shard.ParentShardId is { } parent ? parents.GetValueOrDefault((shard.StreamArn, parent)) : null;
}
