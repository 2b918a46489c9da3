namespace Orders.Api.Store;

/// <summary>
/// Sends a conditional write, and retries when the result is uncertain. Writes are retried only here and not
/// in the SDK: the caller must know that an earlier attempt may have succeeded, because the condition of the
/// next one then fails because of it.
/// </summary>
internal sealed partial class ConditionalWrites(TimeProvider time, ILogger<ConditionalWrites> logger, Func<double>? jitter = null)
{
    // DynamoDB answers in single-digit milliseconds. Three attempts of a second, with backoff, are a little
    // more than 3 s.
    private const int Tries = 3;
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(1);

    // After a failure of the store the backoff is longer than after a conflict: up to 80 ms, then up to 160
    // ms.
    private const int Rest = 3;

    /// <summary>Sends it until the result is certain.</summary>
    /// <param name="call">One attempt, through a client without retries.</param>
    /// <param name="cancellationToken">The request's time.</param>
    /// <exception cref="StoreException">There was no certain result within the attempts or the
    /// time.</exception>
    public async Task<WriteOutcome> SendAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var (uncertain, faults, conflicts) = (false, 0, 0);
        while (true)
        {
            Exception failure;
            try
            {
                await TryAsync(call, time, cancellationToken);
                return new(Failed: null, uncertain);
            }
            catch (Exception failed) when (StoreFaults.IsConditionFailed(failed))
            {
                return new(failed, uncertain);
            }
            catch (Exception refused) when (StoreFaults.IsRefusal(refused) && !uncertain)
            {
                throw;
            }
            catch (Exception other)
            {
                failure = other;
            }

            uncertain |= !StoreFaults.IsTurnedAway(failure);
            // A conflicting transaction ends soon, so conflicts are retried until the time is over.
            var waits = StoreFaults.IsConflict(failure) ? ++conflicts : Rest + ++faults;
            if (faults == Tries || cancellationToken.IsCancellationRequested)
            {
                throw new StoreException(failure.Message, uncertain, failure);
            }

            LogAgain(logger, failure);
            await WaitAsync(waits, uncertain, failure, cancellationToken);
        }
    }

    private static async Task TryAsync(Func<CancellationToken, Task> call, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TryLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await call(limit.Token);
    }

    private async Task WaitAsync(int waits, bool uncertain, Exception failure, CancellationToken cancellationToken)
    {
        try
        {
            await Backoff.WaitAsync(waits, time, cancellationToken, jitter?.Invoke());
        }
        catch (StoreException)
        {
            throw new StoreException(failure.Message, uncertain, failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A write is sent again: the last try got no certain answer")]
    private static partial void LogAgain(ILogger logger, Exception failure);
}
