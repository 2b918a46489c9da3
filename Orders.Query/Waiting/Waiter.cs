using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Waiting;

/// <summary>
/// A request that waits for a version of an order. It uses no thread. Disposing of it ends the wait.
/// </summary>
internal sealed class Waiter(Waiters waiters, Guid orderId, long minVersion, Caller caller, IDisposable place) : IDisposable
{
    // RunContinuationsAsynchronously: the waker must not run the request's code.
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid OrderId => orderId;

    /// <summary>Completes when the order should be read again.</summary>
    public Task Woken => _woken.Task;

    /// <summary>Wakes it if it waits for this version and the merchant is visible to it.</summary>
    public void Wake(long version, string merchantId)
    {
        if (version >= minVersion && caller.MayUse(merchantId))
        {
            _woken.TrySetResult();
        }
    }

    /// <summary>Wakes it unconditionally.</summary>
    public void Wake() => _woken.TrySetResult();

    public void Dispose()
    {
        waiters.Remove(this);
        place.Dispose();
    }
}
