using System.Collections.Concurrent;
using System.Net;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// How often a connection for commands was lost. It may count a loss twice, and misses none.
/// </summary>
internal sealed class InterruptionCount
{
    private readonly ConcurrentDictionary<EndPoint, byte> _lost = new();
    private int _value;

    public int Value => Volatile.Read(ref _value);

    /// <summary>The client says that a connection is lost.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Lost(EndPoint server)
    {
        var isNews = _lost.TryAdd(server, 0);
        Interlocked.Increment(ref _value);
        return isNews;
    }

    /// <summary>
    /// A connection is about to be made. The client raises no event for one that it gives up because the
    /// server is silent: the attempt to replace it is the only sign, and comes before anything can be asked
    /// over the new one.
    /// </summary>
    /// <returns>Whether it tells of a loss that was not known.</returns>
    public bool Connecting(EndPoint server)
    {
        var isNews = _lost.TryAdd(server, 0);
        if (isNews)
        {
            Interlocked.Increment(ref _value);
        }

        return isNews;
    }

    /// <summary>A connection is there again.</summary>
    public void Restored() => _lost.Clear();
}
