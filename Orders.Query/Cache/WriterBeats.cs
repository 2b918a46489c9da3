using Orders.Domain.Cache;
using StackExchange.Redis;

namespace Orders.Query.Cache;

/// <summary>
/// Which writers are heard of in Redis (<see cref="OrderCache.Writers"/>): those whose number has risen not
/// long ago.
/// </summary>
internal sealed class WriterBeats(TimeProvider time)
{
    // A writer that keeps readers away stops beating, and commits nothing past Redis before this is over.
    private static readonly TimeSpan Longest = OrderCache.SuspensionDelay;

    private readonly Dictionary<string, (RedisValue Number, long? RisenAt)> _beats = new(StringComparer.Ordinal);
    private long _lastLook;

    /// <summary>Notes what a look found.</summary>
    /// <param name="writers">Each with its number.</param>
    /// <param name="started">When the look began. What has risen since the look before may have risen right
    /// after that one.</param>
    public void Heard(HashEntry[] writers, long started)
    {
        foreach (var (name, number) in writers.Select(entry => ((string)entry.Name!, entry.Value)))
        {
            // One that is seen for the first time may have stopped long ago.
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

    /// <summary>Up to when the word of all of these counts, each by its last beat.</summary>
    /// <returns>Null if any of them has no recent beat, and for an empty list: a writer that joined since
    /// then would be unknown.</returns>
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
