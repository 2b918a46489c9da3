using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>
/// How instances share shards: a pure function of the state that all of them see, without a coordinator. In
/// balance the numbers of leases differ by at most one, and no lease moves. Only an instance with too many
/// leases releases some.
/// </summary>
internal static class FairShare
{
    /// <summary>Decides one instance's next step.</summary>
    /// <param name="me">The instance.</param>
    /// <param name="ready">Every shard that may be read now, leased or free.</param>
    /// <param name="instances">The live instances.</param>
    /// <param name="patience">How long a free shard is reserved for an instance with fewer leases. After
    /// that any instance takes it.</param>
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

        // The remainder goes to the first instances by name that have room. All see the same state, so each
        // knows whether it is one of them.
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

        // All see the free shards in the same order. Each instance skips the ones meant for those before it;
        // otherwise all would try the same.
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
                // Releases a part at a time, since more instances may join meanwhile.
                return [.. mine.TakeLast(Math.Max(1, surplus / 4))];
            }

            // Free shards will still be taken, and that may restore the balance.
            if (free.Count > 0)
            {
                return [];
            }

            var richest = held.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal).First();
            return richest.Key == me && richest.Value - held.Values.Min() > 1 ? [mine[^1]] : [];
        }
    }
}
