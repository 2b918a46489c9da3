using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>
/// The lineage rules, as pure functions of what is listed and what is written down: a parent is read to its end before its children,
/// an older stream of the table before a newer, and nothing is ever waited for that can no longer come.
/// </summary>
public static class ShardLineage
{
    /// <summary>Decides.</summary>
    /// <param name="listings">The table's streams as listed now, oldest first.</param>
    /// <param name="known">Every shard written down, of whatever stream.</param>
    public static LineagePlan Plan(IReadOnlyList<ShardListing> listings, IReadOnlyCollection<ShardState> known)
    {
        var knownByKey = known.ToDictionary(shard => (shard.StreamArn, shard.ShardId));
        var listed = listings.SelectMany(listing => listing.Shards.Select(shard => (listing.StreamArn, shard.ShardId))).ToHashSet();
        var unknown = listings
            .SelectMany(listing => listing.Shards.Select(shard => (listing.StreamArn, Shard: shard)))
            .Where(entry => !knownByKey.ContainsKey((entry.StreamArn, entry.Shard.ShardId)))
            .ToList();
        return new LineagePlan(
            unknown,
            Ready(listings, known, knownByKey, listed, unknown),
            [.. known.Where(shard => !shard.Finished && shard.Free && !listed.Contains((shard.StreamArn, shard.ShardId)))],
            Forgettable(known, listed));
    }

    private static List<ShardState> Ready(
        IReadOnlyList<ShardListing> listings,
        IReadOnlyCollection<ShardState> known,
        Dictionary<(string StreamArn, string ShardId), ShardState> knownByKey,
        HashSet<(string StreamArn, string ShardId)> listed,
        List<(string StreamArn, ShardDescription Shard)> unknown)
    {
        var ready = new List<ShardState>();
        foreach (var streamArn in listings.Select(listing => listing.StreamArn))
        {
            ready.AddRange(known.Where(shard =>
                shard.StreamArn == streamArn && !shard.Finished && listed.Contains((streamArn, shard.ShardId)) && ParentIsDone(shard)));

            // A newer stream of the table waits until this one is drained: the same item may have changes in both.
            if (known.Any(shard => shard.StreamArn == streamArn && !shard.Finished) || unknown.Exists(entry => entry.StreamArn == streamArn))
            {
                break;
            }
        }

        return ready;

        bool ParentIsDone(ShardState shard)
        {
            if (shard.ParentShardId is null)
            {
                return true;
            }

            // A parent that was written down decides by its end, also when it is no longer listed (Vanished then ends it). One that
            // never was, and is not listed, was trimmed before this consumer's time.
            var parent = (shard.StreamArn, shard.ParentShardId);
            return knownByKey.TryGetValue(parent, out var row) ? row.Finished : !listed.Contains(parent);
        }
    }

    private static List<ShardState> Forgettable(IReadOnlyCollection<ShardState> known, HashSet<(string StreamArn, string ShardId)> listed)
    {
        var unfinishedParents = known
            .Where(shard => !shard.Finished && shard.ParentShardId is not null)
            .Select(shard => (shard.StreamArn, shard.ParentShardId!))
            .ToHashSet();
        return [.. known.Where(shard =>
            shard.Finished && !listed.Contains((shard.StreamArn, shard.ShardId)) && !unfinishedParents.Contains((shard.StreamArn, shard.ShardId)))];
    }
}
