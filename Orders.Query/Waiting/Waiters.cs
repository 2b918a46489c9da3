using Orders.Domain.Cache;
using Orders.Query.Changes;
using Orders.Query.Metrics;
using Orders.ServiceDefaults.FairShares;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Waiting;

/// <summary>The waiting requests, by order.</summary>
/// <param name="limit">At most so many at once.</param>
internal sealed class Waiters(int limit) : IChangeListener
{
    private readonly Lock _lock = new();
    private readonly KeyShares _share = new(limit);
    private readonly Dictionary<Guid, List<Waiter>> _byOrder = [];
    private TaskCompletionSource? _arrival;
    private bool _newcomers;
    private bool _closed;
    private volatile int _count;

    public bool IsIdle => _count == 0;

    /// <summary>
    /// Adds a waiter; null when there are too many, or too many of this key, or the service is stopping.
    /// </summary>
    public Waiter? TryAdd(Guid orderId, long minVersion, Caller caller)
    {
        if (_share.TryTake(caller.KeyId, 1, out _) is not { } place)
        {
            return null;
        }

        var waiter = new Waiter(this, orderId, minVersion, caller, place);
        lock (_lock)
        {
            if (_closed)
            {
                place.Dispose();
                return null;
            }

            if (!_byOrder.TryGetValue(orderId, out var waiters))
            {
                _byOrder.Add(orderId, waiters = []);
            }

            waiters.Add(waiter);
            _count++;
            _newcomers = true;
            _arrival?.TrySetResult();
            _arrival = null;
        }

        QueryMetrics.Waiters.Add(1);
        return waiter;
    }

    public void Remove(Waiter waiter)
    {
        lock (_lock)
        {
            if (!_byOrder.TryGetValue(waiter.OrderId, out var waiters) || !waiters.Remove(waiter))
            {
                return;
            }

            if (waiters.Count == 0)
            {
                _byOrder.Remove(waiter.OrderId);
            }

            _count--;
        }

        QueryMetrics.Waiters.Add(-1);
    }

    public void OnChange(ChangeMessage change) => OnChange(change.OrderId, change.Version, change.MerchantId);

    /// <summary>Wakes the waiters for this version of this order.</summary>
    public void OnChange(Guid orderId, long version, string merchantId)
    {
        lock (_lock)
        {
            if (!_byOrder.TryGetValue(orderId, out var waiters))
            {
                return;
            }

            foreach (var waiter in waiters)
            {
                waiter.Wake(version, merchantId);
            }
        }
    }

    /// <summary>Wakes all and accepts no more: the service is stopping.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var waiter in _byOrder.Values.SelectMany(waiters => waiters))
            {
                waiter.Wake();
            }
        }
    }

    /// <summary>Completes when there is a waiter.</summary>
    public Task AnyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_count > 0)
            {
                return Task.CompletedTask;
            }

            _arrival ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The orders that are waited for.</summary>
    /// <param name="newcomers">Whether a waiter was added since the last call.</param>
    public Guid[] OrderIds(out bool newcomers)
    {
        lock (_lock)
        {
            (newcomers, _newcomers) = (_newcomers, false);
            return [.. _byOrder.Keys];
        }
    }
}
