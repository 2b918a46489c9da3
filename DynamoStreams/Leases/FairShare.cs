using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>
/// How instances share shards, as a pure function of what all of them see: nobody coordinates. At rest the numbers of leases differ by
/// one at most, and then nothing moves. Only an instance with too many gives any up, never one that others could give to in turn.
/// </summary>
public static class FairShare
{
    /// <summary>Decides one instance's next step.</summary>
    /// <param name="me">The instance.</param>
    /// <param name="ready">Every shard that may be read now, leased or free.</param>
    /// <param name="instances">The live instances.</param>
    /// <param name="patience">How long a free shard is left to an instance with fewer; nothing stays free because that one does not come.</param>
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
        return new LeaseMoves(Take(), free.Count == 0 ? GiveUp() : []);

        List<ShardState> Take()
        {
            var othersLack = held.Any(other => other.Key != me && other.Value < least);
            var take = new List<ShardState>();
            foreach (var shard in free)
            {
                var after = mine.Count + take.Count;
                if (after < least || (after < most && !othersLack) || shard.FreeFor > patience)
                {
                    take.Add(shard);
                }
            }

            return take;
        }

        IReadOnlyList<ShardState> GiveUp()
        {
            var surplus = mine.Count - most;
            if (surplus > 0)
            {
                // A part at a time: whoever takes them may meanwhile have been joined by others.
                return [.. mine.TakeLast(Math.Max(1, surplus / 4))];
            }

            var richest = held.OrderByDescending(other => other.Value).ThenBy(other => other.Key, StringComparer.Ordinal).First();
            return richest.Key == me && richest.Value - held.Values.Min() > 1 ? [mine[^1]] : [];
        }
    }
}
