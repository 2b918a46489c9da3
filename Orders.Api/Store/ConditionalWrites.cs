namespace Orders.Api.Store;

/// <summary>
/// Sends a write with a condition, again where a try ends without a certain answer. Only here are writes
/// repeated, and not in the SDK: who repeats must know that an earlier try may have been carried out, since
/// the next one then meets its own work.
/// </summary>
internal sealed partial class ConditionalWrites(TimeProvider time, ILogger<ConditionalWrites> logger, Func<double>? jitter = null)
{
    // DynamoDB answers in single-digit milliseconds. Three tries of a second with their waits are little
    // more than 3 s.
    private const int Tries = 3;
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(1);

    // A store that has just failed gets a longer rest than two writers that met: up to 80 ms, then up to 160
    // ms.
    private const int Rest = 3;

    /// <summary>Sends it until DynamoDB has decided.</summary>
    /// <param name="call">One try, through a client that does not repeat it.</param>
    /// <param name="cancellationToken">The request's time.</param>
    /// <exception cref="StoreException">There is no certain answer within the tries or the time.</exception>
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
            // Who is in the way is soon gone: that is waited for as long as there is time.
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
