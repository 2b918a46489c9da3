using System.Runtime.ExceptionServices;
using Orders.Query.Reading;
using Orders.Query.Waiting;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.ById;

/// <summary>
/// Read your own writes: finds an order as of a version that the caller knows of, and waits for it when
/// asked to.
/// </summary>
internal sealed class VersionReader(OrderReader orders, Waiters waiters, TimeProvider time)
{
    /// <summary>Looks, and as long as the version is not visible waits and looks again.</summary>
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
            // Entered before looking: a change between the look and the wait is not missed.
            using var waiter = wait > TimeSpan.Zero ? waiters.TryAdd(orderId, minVersion, caller) : null;
            ExceptionDispatchInfo? failure = null;
            try
            {
                if (await LookAsync(orderId, minVersion, cancellationToken) is { } found && found.IsVisibleTo(caller))
                {
                    return new(found, TurnedAway: false);
                }
            }
            catch (Exception away) when (waiter is not null && Left() > TimeSpan.Zero && ReadModelFaults.Explain(away) is not null)
            {
                // It asked for the time: the change feed or a later look may still find it.
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

    // A look may join a flight that began too early, and fly again: both together have the time of one.
    private Task<FoundOrder?> LookAsync(Guid orderId, long minVersion, CancellationToken cancellationToken) =>
        orders.FindAsync(orderId, minVersion, cancellationToken).AsTask().WaitAsync(ReadDeadline.Limit, time, cancellationToken);
}
