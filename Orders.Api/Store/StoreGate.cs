namespace Orders.Api.Store;

/// <summary>
/// Every request's way to DynamoDB. It bounds how long a request waits and how many wait at once, so that a
/// store which hangs costs each client one time-out, and not this process its memory.
/// </summary>
internal sealed class StoreGate(ApiSettings settings)
{
    private int _inFlight;

    /// <summary>Lets a request through.</summary>
    /// <param name="aborted">The client has gone.</param>
    /// <exception cref="StoreException">Too many are waiting already. Nobody queues: the answer is 503 at
    /// once.</exception>
    public Pass Enter(CancellationToken aborted)
    {
        if (Interlocked.Increment(ref _inFlight) <= settings.StoreInFlight)
        {
            return new Pass(this, aborted);
        }

        _ = Interlocked.Decrement(ref _inFlight);
        throw new StoreException($"{settings.StoreInFlight} requests are waiting for the store", mayBeCarriedOut: false);
    }

    /// <summary>A request's stay behind the gate.</summary>
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

        /// <summary>Ends with the client's patience or ours, whichever is first.</summary>
        public CancellationToken Token => _limit.Token;

        /// <summary>Leaves; a second time does nothing.</summary>
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
