using System.Collections.Concurrent;

namespace Orders.Query;

/// <summary>Lets those who ask for one key at one time share one answer.</summary>
/// <typeparam name="TKey">What is asked for.</typeparam>
/// <typeparam name="TValue">The answer.</typeparam>
internal sealed class SingleFlight<TKey, TValue>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _flights = new();

    /// <summary>Joins the flight for a key, or starts one.</summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="read">Finds the answer. It belongs to everyone who joins, so it must not end because one of them leaves.</param>
    /// <param name="joined">True when the flight was under way already: its answer may be older than this call.</param>
    public Task<TValue> RunAsync(TKey key, Func<TKey, Task<TValue>> read, out bool joined)
    {
        Lazy<Task<TValue>>? own = null;
        own = new(() => FlyAsync(key, read, own!));
        var flight = _flights.GetOrAdd(key, own);
        joined = !ReferenceEquals(flight, own);
        return flight.Value;
    }

    /// <summary>
    /// The same for a caller who knows what the answer must show at least: a flight that was under way may have looked too early, the one after it
    /// has not.
    /// </summary>
    /// <param name="key">What is asked for.</param>
    /// <param name="read">Finds the answer.</param>
    /// <param name="suffices">Whether an answer shows what the caller knows of.</param>
    /// <param name="cancellationToken">The caller leaves; the flight goes on.</param>
    public async Task<TValue> RunAsync(TKey key, Func<TKey, Task<TValue>> read, Predicate<TValue> suffices, CancellationToken cancellationToken)
    {
        var value = await RunAsync(key, read, out var joined).WaitAsync(cancellationToken);
        return joined && !suffices(value) ? await RunAsync(key, read, out _).WaitAsync(cancellationToken) : value;
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
