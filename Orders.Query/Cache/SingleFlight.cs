using System.Collections.Concurrent;

namespace Orders.Query.Cache;

/// <summary>Lets concurrent callers of one key share one read.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The answer.</typeparam>
internal sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _flights = new();

    /// <summary>
    /// Joins the flight for a key, or starts one. A running flight may have read before this call, so the
    /// call joins the next one.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads the answer. It is shared, so it must not be cancelled when one caller
    /// leaves.</param>
    /// <param name="cancellationToken">The caller leaves; the flight continues.</param>
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
