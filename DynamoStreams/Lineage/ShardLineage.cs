using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>
/// The lineage rules, as pure functions of the listing and the stored state. A parent is read to its end
/// before its children, and an older stream of the table before a newer one. A shard never waits for one
/// that no longer exists.
/// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
/// </summary>
internal static class ShardLineage
{
    /// <summary>
    /// The shards that may be read now. A child is stored together with its parent, or when it is certain
    /// that the parent no longer exists. So a parent that is not among the open shards is finished, or was
    /// trimmed before this consumer first ran.
    /// </summary>
    /// <param name="open">Every unfinished shard that is stored.</param>
    public static IReadOnlyList<ShardState> Ready(IReadOnlyCollection<ShardState> open)
    {
        var unfinished = open.Where(shard => !shard.Finished).ToDictionary(shard => shard.Key);
        return [.. unfinished.Values.Where(shard => shard.ParentKey is not { } parent || !unfinished.ContainsKey(parent))];
    }

    /// <summary>Decides what a listing changes.</summary>
    /// <param name="listings">The table's streams as listed now, oldest first.</param>
    /// <param name="known">The stored state.</param>
    /// <param name="answers">The answers for shards that were asked for by name: false when they no longer
    /// exist, true when they exist although listings omit them.</param>
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

        // Every shard of an enabled stream that ends has children. One that ended and no longer exists
        // without any has lost them.
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
            // A deleted shard that still exists would be found as new and read a second time.
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
    /// A newer stream of the table waits until the older ones are drained, since the same item may have
    /// changes in both.
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
                // A child waits as long as its parent is in question. Stored alone, it would be read first.
                return IsAdmissible(parent, ancestor);
            }

            if (!answers.TryGetValue(parent, out var exists))
            {
                doubtful.Add(parent);
                return false;
            }

            if (exists)
            {
                // The listing omits a parent that exists: it is stored as its child names it, and read
                // first.
                found.TryAdd(parent, (parent.StreamArn, new ShardDescription(parent.ShardId, ParentShardId: null)));
            }

            return true;
        }
    }

    /// <summary>Finished shards without a stored or listed child.</summary>
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
