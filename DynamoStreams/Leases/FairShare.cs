using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>
/// How instances share shards, as a pure function of what all of them see: nobody coordinates. At rest the
/// numbers of leases differ by one at most, and then nothing moves. Only an instance with too many gives any
/// up, never one that others could give to in turn.
/// </summary>
internal static class FairShare
{
    /// <summary>Decides one instance's next step.</summary>
    /// <param name="me">The instance.</param>
    /// <param name="ready">Every shard that may be read now, leased or free.</param>
    /// <param name="instances">The live instances.</param>
    /// <param name="patience">How long a free shard is left to an instance with fewer; nothing stays free
    /// because that one does not come.</param>
    public static LeaseMoves Decide(string me, IReadOnlyList<ShardState> ready, IReadOnlyCollection<string> instances, TimeSpan patience)
    {
        var held = instances.Append(me).Distinct(StringComparer.Ordinal).ToDictionary(owner => owner, _ => 0, StringComparer.Ordinal);
        var mine = new List<ShardState>();
        var free = new List<ShardState>();
        foreach (var shard in ready)
        {
            if (shard.Free)
            {
                free.Add(shard);
            }
            else if (shard.Owner is { } owner && held.TryGetValue(owner, out var count))
            {
                held[owner] = count + 1;
                if (owner == me)
                {
                    mine.Add(shard);
                }
            }
        }

        var least = ready.Count / held.Count;
        var most = (ready.Count + held.Count - 1) / held.Count;
        var lacking = held.Values.Sum(count => Math.Max(0, least - count));

        // What is left when all have the least goes to the first by name that have room. All see the same,
        // so each knows whether it is among them.
        var favoured = held.Where(other => other.Value < most).Select(other => other.Key).Order(StringComparer.Ordinal).Take(free.Count - lacking).ToHashSet(StringComparer.Ordinal);
        return new LeaseMoves(Take(), GiveUp());

        List<ShardState> Take()
        {
            var othersLack = held.Any(other => other.Key != me && other.Value < least);
            var take = new List<ShardState>();
            foreach (var shard in MyPartFirst())
            {
                var after = mine.Count + take.Count;
                if (after < least || (after < most && (!othersLack || favoured.Contains(me))) || shard.FreeFor > patience)
                {
                    take.Add(shard);
                }
            }

            return take;
        }

        // All see the same free shards in the same order, too: each begins after those of the ones before
        // it, or all would reach for the same.
        IEnumerable<ShardState> MyPartFirst()
        {
            var before = held.Where(other => string.CompareOrdinal(other.Key, me) < 0)
                .Sum(other => Math.Max(0, least - other.Value) + (favoured.Contains(other.Key) ? 1 : 0));
            var start = free.Count == 0 ? 0 : before % free.Count;
            return free.Skip(start).Concat(free.Take(start));
        }

        IReadOnlyList<ShardState> GiveUp()
        {
            var surplus = mine.Count - most;
            if (surplus > 0 && (free.Count == 0 || free.Count < lacking))
            {
                // A part at a time: whoever takes them may meanwhile have been joined by others.
                return [.. mine.TakeLast(Math.Max(1, surplus / 4))];
            }

            // What is free will still be taken, and may settle it.
            if (free.Count > 0)
            {
                return [];
            }

            var richest = held.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal).First();
            return richest.Key == me && richest.Value - held.Values.Min() > 1 ? [mine[^1]] : [];
        }
    }
}
