using Orders.Domain.Cache;
using StackExchange.Redis;

namespace Orders.Query.Cache;

/// <summary>
/// The writers' heartbeats in Redis (<see cref="CacheKeys.Writers"/>): a writer is alive if its number has
/// risen recently.
/// </summary>
internal sealed class WriterBeats(TimeProvider time)
{
    // A writer with a suspension stops its heartbeat, and commits no change that bypasses Redis before this
    // time is over.
    private static readonly TimeSpan Longest = OrderCache.SuspensionDelay;

    private readonly Dictionary<string, (RedisValue Number, long? RisenAt)> _beats = new(StringComparer.Ordinal);
    private long _lastLook;

    /// <summary>Records the result of a check.</summary>
    /// <param name="writers">The writers, each with its number.</param>
    /// <param name="started">When the check began. A number that has risen since the check before may have
    /// risen right after that one.</param>
    public void Heard(HashEntry[] writers, long started)
    {
        foreach (var (name, number) in writers.Select(entry => ((string)entry.Name!, entry.Value)))
        {
            // A writer that is seen for the first time may have stopped long ago.
            if (!_beats.TryGetValue(name, out var before))
            {
                _beats[name] = (number, null);
            }
            else if (before.Number != number)
            {
                _beats[name] = (number, _lastLook);
            }
        }

        foreach (var name in _beats.Keys.Except(writers.Select(entry => (string)entry.Name!)).ToList())
        {
            _beats.Remove(name);
        }

        _lastLook = started;
    }

    /// <summary>Until when the heartbeats of all of these are valid.</summary>
    /// <returns>Null if any of them has no recent heartbeat, and for an empty list: a writer that joined
    /// since then would be unknown.</returns>
    public long? HeardUntil(string[] names)
    {
        long? until = null;
        foreach (var name in names)
        {
            if (!_beats.TryGetValue(name, out var beat) || beat.RisenAt is not { } risenAt)
            {
                return null;
            }

            var end = risenAt + (long)(Longest.TotalSeconds * time.TimestampFrequency);
            until = until < end ? until : end;
        }

        return until;
    }
}
