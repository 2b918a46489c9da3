using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Waiting;

/// <summary>
/// A request that waits for a version of an order: an entry in a list and no thread. Disposing of it ends
/// the wait.
/// </summary>
internal sealed class Waiter(Waiters waiters, Guid orderId, long minVersion, Caller caller) : IDisposable
{
    // The one who wakes it goes on at once, whatever the request then does.
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid OrderId => orderId;

    /// <summary>Ends when it is worth while to look again.</summary>
    public Task Woken => _woken.Task;

    /// <summary>
    /// Wakes it if this is what it waits for. A version of another merchant's order is not.
    /// </summary>
    public void Wake(long version, string merchantId)
    {
        if (version >= minVersion && caller.MayUse(merchantId))
        {
            _woken.TrySetResult();
        }
    }

    /// <summary>Wakes it in any case.</summary>
    public void Wake() => _woken.TrySetResult();

    public void Dispose() => waiters.Remove(this);
}
