using System.Collections.Concurrent;

namespace Orders.Query.Cache;

/// <summary>Lets those who ask for one key at one time share one answer.</summary>
/// <typeparam name="TKey">What is asked for.</typeparam>
/// <typeparam name="TValue">The answer.</typeparam>
internal sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _flights = new();

    /// <summary>
    /// Joins the flight for a key, or starts one. One that was under way already may have looked before this
    /// call: then it is the one after it.
    /// </summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="read">Finds the answer. It belongs to everyone who joins, so it must not end because one
    /// of them leaves.</param>
    /// <param name="cancellationToken">The caller leaves; the flight goes on.</param>
    /// <returns>An answer that is not older than this call.</returns>
    public async Task<TValue> RunAsync(TKey key, Func<TKey, Task<TValue>> read, CancellationToken cancellationToken)
    {
        var value = await JoinAsync(key, read, out var joined).WaitAsync(cancellationToken);
        return joined ? await JoinAsync(key, read, out _).WaitAsync(cancellationToken) : value;
    }

    private Task<TValue> JoinAsync(TKey key, Func<TKey, Task<TValue>> read, out bool joined)
    {
        Lazy<Task<TValue>>? own = null;
        own = new(() => FlyAsync(key, read, own!));
        var flight = _flights.GetOrAdd(key, own);
        joined = !ReferenceEquals(flight, own);
        return flight.Value;
    }

    private async Task<TValue> FlyAsync(TKey key, Func<TKey, Task<TValue>> read, Lazy<Task<TValue>> flight)
    {
        try
        {
            return await read(key);
        }
        finally
        {
            _flights.TryRemove(KeyValuePair.Create(key, flight));
        }
    }
}
