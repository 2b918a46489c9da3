using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>
/// The lineage rules, as pure functions of what is listed and what is written down: a parent is read to its
/// end before its children, an older stream of the table before a newer, and nothing is ever waited for that
/// can no longer come.
/// </summary>
internal static class ShardLineage
{
    /// <summary>
    /// The shards that may be read now. A child is written down together with its parent, or after it is
    /// certain that the parent is gone: so a parent that is not among the unfinished is finished or was
    /// trimmed before this consumer's time.
    /// </summary>
    /// <param name="open">Every unfinished shard that is written down.</param>
    public static IReadOnlyList<ShardState> Ready(IReadOnlyCollection<ShardState> open)
    {
        var unfinished = open.Where(shard => !shard.Finished).ToDictionary(shard => shard.Key);
        return [.. unfinished.Values.Where(shard => shard.ParentKey is not { } parent || !unfinished.ContainsKey(parent))];
    }

    /// <summary>Decides what a listing changes.</summary>
    /// <param name="listings">The table's streams as listed now, oldest first.</param>
    /// <param name="known">What is written down.</param>
    /// <param name="answers">What is certain of doubtful shards: false when they are gone, true when they
    /// are there although the service keeps leaving them out.</param>
    public static LineagePlan Plan(IReadOnlyList<ShardListing> listings, LineageState known, IReadOnlyDictionary<ShardKey, bool> answers)
    {
        var rows = known.Shards.ToDictionary(shard => shard.Key);
        var newStreams = listings.Where(listing => !known.StreamArns.Contains(listing.StreamArn)).ToList();
        IReadOnlyList<string> streams = [.. known.StreamArns, .. newStreams.Select(listing => listing.StreamArn)];
        var listed = listings.SelectMany(listing => listing.Shards.Select(shard => (Key: new ShardKey(listing.StreamArn, shard.ShardId), Shard: shard)))
            .DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Shard);

        var doubtful = new HashSet<ShardKey>();
        var unknown = Unknown(rows, listed, answers, doubtful);
        var leaves = Leaves(known.Shards, listed);
        var enabled = listings.Where(listing => listing.IsEnabled).Select(listing => listing.StreamArn).ToHashSet(StringComparer.Ordinal);

        // Every shard of an enabled stream that ends has children; one that ended and is gone without any
        // has lost them.
        var childless = leaves.Where(shard => enabled.Contains(shard.StreamArn)).ToList();
        var unlisted = childless.Where(shard => !listed.ContainsKey(shard.Key)).ToList();
        doubtful.UnionWith(unlisted.Where(shard => !answers.ContainsKey(shard.Key)).Select(shard => shard.Key));
        var forgettable = Forgettable(known.Shards, listed, childless);
        doubtful.UnionWith(forgettable.Where(shard => !answers.ContainsKey(shard.Key)).Select(shard => shard.Key));
        var brokenOff = unlisted.Where(shard => answers.TryGetValue(shard.Key, out var exists) && !exists).ToList();

        return new LineagePlan
        {
            Unknown = unknown,
            Doubtful = [.. doubtful],
            BrokenOff = brokenOff,
            Childless = [.. childless.Select(shard => shard.Key)],
            // One that is there after all would be found again, taken for new, and read again.
            Forgettable = [.. forgettable.Where(shard => answers.TryGetValue(shard.Key, out var exists) && !exists)],
            NewStreams = newStreams,
            Begins = Begins(streams, known, unknown),
            Missing = Missing(streams, listings),
            Disabled = [.. listings.Where(listing => !listing.IsEnabled).Select(listing => listing.StreamArn)],
            HasShards = listed.Count > 0 || known.Shards.Count > 0,
            IsSettled = doubtful.Count == 0 && childless.Count == brokenOff.Count
                && listings.All(listing => !listing.IsEnabled || listing.Shards.Count > 0),
        };
    }

    /// <summary>
    /// A newer stream of the table waits until the older are drained: the same item may have changes in
    /// both.
    /// </summary>
    private static List<string> Begins(IReadOnlyList<string> streams, LineageState known, List<(string StreamArn, ShardDescription Shard)> unknown)
    {
        var undrained = known.Shards.Where(shard => !shard.Finished).Select(shard => shard.StreamArn).Concat(unknown.Select(entry => entry.StreamArn))
            .ToHashSet(StringComparer.Ordinal);
        var drained = streams.TakeWhile(arn => !undrained.Contains(arn)).Count();
        return [.. streams.Take(drained + 1).Where(arn => !known.Begun.Contains(arn))];
    }

    private static List<(string StreamArn, ShardDescription Shard)> Unknown(
        Dictionary<ShardKey, ShardState> rows, Dictionary<ShardKey, ShardDescription> listed, IReadOnlyDictionary<ShardKey, bool> answers, HashSet<ShardKey> doubtful)
    {
        var found = new Dictionary<ShardKey, (string, ShardDescription)>();
        foreach (var (key, shard) in listed)
        {
            if (!rows.ContainsKey(key) && IsAdmissible(key, shard))
            {
                found.TryAdd(key, (key.StreamArn, shard));
            }
        }

        return [.. found.Values];

        bool IsAdmissible(ShardKey key, ShardDescription shard)
        {
            if (shard.ParentShardId is null)
            {
                return true;
            }

            var parent = new ShardKey(key.StreamArn, shard.ParentShardId);
            if (rows.ContainsKey(parent))
            {
                return true;
            }

            if (listed.TryGetValue(parent, out var ancestor))
            {
                // A child whose parent has to wait for an answer waits with it: were it written down alone,
                // it would be read first.
                return IsAdmissible(parent, ancestor);
            }

            if (!answers.TryGetValue(parent, out var exists))
            {
                doubtful.Add(parent);
                return false;
            }

            if (exists)
            {
                // The listing lacks a parent that is there: it is written down from its child's word, to be
                // read first.
                found.TryAdd(parent, (parent.StreamArn, new ShardDescription(parent.ShardId, ParentShardId: null)));
            }

            return true;
        }
    }

    /// <summary>Finished shards of which no child is written down or listed.</summary>
    private static List<ShardState> Leaves(IReadOnlyCollection<ShardState> known, Dictionary<ShardKey, ShardDescription> listed)
    {
        var parents = known.Where(shard => shard.ParentKey is not null).Select(shard => shard.ParentKey!.Value)
            .Concat(listed.Where(entry => entry.Value.ParentShardId is not null).Select(entry => new ShardKey(entry.Key.StreamArn, entry.Value.ParentShardId!)))
            .ToHashSet();
        return [.. known.Where(shard => shard.Finished && !parents.Contains(shard.Key))];
    }

    private static List<ShardState> Forgettable(IReadOnlyCollection<ShardState> known, Dictionary<ShardKey, ShardDescription> listed, List<ShardState> childless)
    {
        var rows = known.ToDictionary(shard => shard.Key);
        var needed = known.Where(shard => !shard.Finished && shard.ParentKey is not null).Select(shard => shard.ParentKey!.Value)
            .Concat(listed.Where(entry => entry.Value.ParentShardId is not null && !rows.ContainsKey(entry.Key))
                .Select(entry => new ShardKey(entry.Key.StreamArn, entry.Value.ParentShardId!)))
            .Concat(childless.Select(shard => shard.Key))
            .ToHashSet();
        return [.. known.Where(shard => shard.Finished && !listed.ContainsKey(shard.Key) && !needed.Contains(shard.Key))];
    }

    private static List<string> Missing(IReadOnlyList<string> streams, IReadOnlyList<ShardListing> listings)
    {
        var listed = listings.Select(listing => listing.StreamArn).ToHashSet(StringComparer.Ordinal);
        var newest = streams.LastOrDefault(listed.Contains);
        return newest is null ? [] : [.. streams.TakeWhile(arn => arn != newest).Where(arn => !listed.Contains(arn))];
    }
}
