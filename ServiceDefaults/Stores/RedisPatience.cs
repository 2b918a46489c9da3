using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Bounds how long a caller waits for Redis, behind a circuit breaker: Postgres has the answer too.
/// </summary>
/// <param name="time">The clock of the limit and the breaker.</param>
/// <param name="onNoAnswer">Hears why there was no answer.</param>
internal sealed class RedisPatience(TimeProvider time, Action<string>? onNoAnswer = null)
{
    // Local or in the same zone, Redis answers within a millisecond; after this, Postgres would have been
    // faster. The client looks for commands that took too long once a second only.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly CircuitBreaker _breaker = new(BreakDuration, time);

    /// <summary>Asks Redis; see <see cref="IRedis.TryAsync"/>.</summary>
    /// <param name="database">Null while it is away.</param>
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
