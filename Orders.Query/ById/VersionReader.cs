using System.Runtime.ExceptionServices;
using Orders.Query.Reading;
using Orders.Query.Waiting;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.ById;

/// <summary>
/// Read your own writes: finds a version of an order that the caller knows, and waits for it if requested.
/// </summary>
internal sealed class VersionReader(OrderReader orders, Waiters waiters, TimeProvider time)
{
    /// <summary>Reads, and while the version is not visible, waits and reads again.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="minVersion">This version or a later one.</param>
    /// <param name="caller">Who asks. For another merchant's order, nothing is ever visible.</param>
    /// <param name="wait">How long to wait; zero for not at all.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<VersionAnswer> FindAsync(Guid orderId, long minVersion, Caller caller, TimeSpan wait, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            // Registered before the read, so that a change between the read and the wait is not missed.
            using var waiter = wait > TimeSpan.Zero ? waiters.TryAdd(orderId, minVersion, caller) : null;
            ExceptionDispatchInfo? failure = null;
            try
            {
                if (await LookAsync(orderId, minVersion, caller, cancellationToken) is { } found)
                {
                    return new(found, TurnedAway: false);
                }
            }
            catch (Exception away) when (waiter is not null && Left() > TimeSpan.Zero && ReadModelFaults.Explain(away) is not null)
            {
                // The wait is not over: the change feed or a later read may still find it.
                failure = ExceptionDispatchInfo.Capture(away);
            }

            var left = Left();
            if (left <= TimeSpan.Zero)
            {
                return Nothing(failure);
            }

            if (waiter is null)
            {
                return new(null, TurnedAway: true);
            }

            await waiter.Woken.WaitAsync(left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!waiter.Woken.IsCompleted)
            {
                return Nothing(failure);
            }
        }

        TimeSpan Left() => wait - time.GetElapsedTime(started);
    }

    private static VersionAnswer Nothing(ExceptionDispatchInfo? failure)
    {
        failure?.Throw();
        return default;
    }

    // A read may join a flight (singleflight) that began too early, and then start another: both share one
    // time limit.
    private Task<FoundOrder?> LookAsync(Guid orderId, long minVersion, Caller caller, CancellationToken cancellationToken) =>
        orders.FindAsync(orderId, minVersion, caller, cancellationToken).AsTask().WaitAsync(ReadDeadline.Limit, time, cancellationToken);
}
