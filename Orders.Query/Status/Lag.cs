namespace Orders.Query.Status;

/// <summary>
/// How far the read model is behind the stream: by when a shard was last asked for more and had nothing,
/// which its owner says about every second. While nothing happens the last change is old and the lag is
/// still zero; when the owner no longer says so, nothing is known since then, and the lag grows. No writer's
/// clock is in it.
/// </summary>
internal static class Lag
{
    // The owner's sign of life comes with the renewal of its lease, each second; one may be late.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);

    // The shards are listed every ten seconds, and those of a very large stream take a while.
    private static readonly TimeSpan ListingHolds = TimeSpan.FromMinutes(1);

    // The stream rounds its own times down to seconds.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The largest lag of any shard.</summary>
    /// <param name="replication">What is known of the stream.</param>
    /// <returns>Null when no shard is known: nothing follows the stream, or never did.</returns>
    public static TimeSpan? Of(ReplicationState replication)
    {
        var (now, shards) = (replication.Now, replication.Shards);
        if (shards.Count == 0)
        {
            return null;
        }

        var open = shards.Where(shard => shard.FinishedAt is null).ToList();
        // Between the end of a shard and the discovery of what comes after it.
        if (open is [])
        {
            return now - shards.Max(shard => shard.FinishedAt!.Value);
        }

        var parents = Parents(shards);
        var lag = open.Max(shard => Of(shard, Parent(shard, parents), now));
        return StaleListing(replication) is { } listedAt && now - listedAt > lag ? now - listedAt : lag;
    }

    /// <summary>
    /// The time up to which everything is known to be here. Earlier than the lag alone would tell, which
    /// forgives a sign of life that is a little late.
    /// </summary>
    /// <param name="replication">What is known of the stream.</param>
    /// <returns>By the database's clock; null while a shard has not been read to its end yet, or the next
    /// ones are not discovered.</returns>
    public static DateTimeOffset? AsOf(ReplicationState replication)
    {
        // Behind an open parent there is nothing yet that the parent does not tell of.
        var parents = Parents(replication.Shards);
        var read = replication.Shards.Where(shard => shard.FinishedAt is null && Parent(shard, parents) is not { FinishedAt: null }).ToList();
        if (read is [] || read.Exists(shard => shard.AsOf is null))
        {
            return null;
        }

        var asOf = read.Min(shard => shard.AsOf);
        return StaleListing(replication) is { } listedAt && listedAt < asOf ? listedAt : asOf;
    }

    // Where the listing is old there may be shards that nobody knows of.
    private static DateTimeOffset? StaleListing(ReplicationState replication) =>
        replication.ListedAt is { } listedAt && replication.Now - listedAt > ListingHolds ? listedAt : null;

    private static DateTimeOffset Begin(ShardFreshness shard, ShardFreshness? parent) =>
        parent?.FinishedAt > shard.DiscoveredAt ? parent.FinishedAt.Value : shard.DiscoveredAt;

    private static TimeSpan Of(ShardFreshness shard, ShardFreshness? parent, DateTimeOffset now)
    {
        // It is not its turn before its parent has ended; until then the lag is its parent's.
        if (shard.AsOf is null && parent is { FinishedAt: null })
        {
            return TimeSpan.Zero;
        }

        var asOf = shard.AsOf ?? Begin(shard, parent);
        var lastSign = shard.AppliedAt > asOf ? shard.AppliedAt.Value : asOf;
        return now - lastSign > SignOfLife ? now - asOf : Behind(shard, asOf, lastSign);
    }

    // How far behind at the least: what was applied after the shard last had nothing more was written after
    // that, or in the second that its record says.
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
