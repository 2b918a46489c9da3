namespace Orders.Api.Store;

/// <summary>
/// A bulkhead in front of DynamoDB. It bounds how long a request waits and how many wait at once. So a store
/// that hangs costs each client one time-out, and does not exhaust this process's memory.
/// </summary>
internal sealed class StoreGate(ApiSettings settings)
{
    private int _inFlight;

    /// <summary>Admits a request.</summary>
    /// <param name="aborted">Cancelled when the client disconnects.</param>
    /// <exception cref="StoreException">Too many requests are waiting. There is no queue: the response is
    /// 503 at once.</exception>
    public Pass Enter(CancellationToken aborted)
    {
        if (Interlocked.Increment(ref _inFlight) <= settings.StoreInFlight)
        {
            return new Pass(this, aborted);
        }

        _ = Interlocked.Decrement(ref _inFlight);
        throw new StoreException($"{settings.StoreInFlight} requests are waiting for the store", mayBeCarriedOut: false);
    }

    /// <summary>The permit of a request.</summary>
    internal sealed class Pass : IDisposable
    {
        private readonly StoreGate _gate;
        private readonly CancellationTokenSource _limit;
        private int _left;

        public Pass(StoreGate gate, CancellationToken aborted)
        {
            _gate = gate;
            _limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            _limit.CancelAfter(gate.Timeout);
        }

        /// <summary>Cancelled when the client disconnects or the time limit is over.</summary>
        public CancellationToken Token => _limit.Token;

        /// <summary>Returns the permit; idempotent.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                _limit.Dispose();
                _ = Interlocked.Decrement(ref _gate._inFlight);
            }
        }
    }

    private TimeSpan Timeout => settings.StoreTimeout;
}
