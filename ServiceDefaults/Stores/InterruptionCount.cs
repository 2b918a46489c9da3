using System.Collections.Concurrent;
using System.Net;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Counts losses of the connection for commands. It may count a loss twice, but never misses one.
/// </summary>
internal sealed class InterruptionCount
{
    private readonly ConcurrentDictionary<EndPoint, byte> _lost = new();
    private int _value;

    public int Value => Volatile.Read(ref _value);

    /// <summary>The client reports a lost connection.</summary>
    /// <returns>Whether the loss is new.</returns>
    public bool Lost(EndPoint server)
    {
        var isNews = _lost.TryAdd(server, 0);
        Interlocked.Increment(ref _value);
        return isNews;
    }

    /// <summary>
    /// A connection attempt begins. The client raises no event when it drops a connection to a silent
    /// server. The new attempt is the only sign, and it comes before any command on the new connection.
    /// </summary>
    /// <returns>Whether it reveals a new loss.</returns>
    public bool Connecting(EndPoint server)
    {
        var isNews = _lost.TryAdd(server, 0);
        if (isNews)
        {
            Interlocked.Increment(ref _value);
        }

        return isNews;
    }

    /// <summary>The connection is restored.</summary>
    public void Restored() => _lost.Clear();
}
