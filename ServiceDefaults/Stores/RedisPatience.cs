using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Bounds how long a caller waits for Redis, with a circuit breaker, since Postgres has the answer too.
/// </summary>
/// <param name="time">The clock of the limit and the breaker.</param>
/// <param name="onNoAnswer">Called with the reason when there is no answer.</param>
internal sealed class RedisPatience(TimeProvider time, Action<string>? onNoAnswer = null)
{
    // In the same zone Redis answers within a millisecond; after this time Postgres would be faster. The
    // client checks its own time-outs only once a second.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly CircuitBreaker _breaker = new(BreakDuration, time);

    /// <summary>Runs a command; see <see cref="IRedis.TryAsync"/>.</summary>
    /// <param name="database">Null while it is unavailable.</param>
    /// <param name="use">The command.</param>
    /// <param name="cancellationToken">The caller does not wait any more.</param>
    public async Task<RedisAnswer<T>> TryAsync<T>(IDatabase? database, Func<IDatabase, Task<T>> use, CancellationToken cancellationToken)
    {
        if (database is null || _breaker.IsOpen)
        {
            return default;
        }

        try
        {
            return new(true, await use(database).WaitAsync(AnswerLimit, time, cancellationToken));
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            if (failure is TimeoutException)
            {
                _breaker.Open();
            }

            onNoAnswer?.Invoke(failure.Message);
            return default;
        }
    }
}
