using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.FairShares;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Store;

/// <summary>
/// A bulkhead in front of DynamoDB. It bounds how long a request waits and how many wait at once, in fair
/// shares of the keys. So a store that hangs costs each client one time-out, and does not exhaust this
/// process's memory; and a key that writes much does not keep others out.
/// </summary>
internal sealed class StoreGate(ApiSettings settings)
{
    private const int OrdersPerUnit = 25;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly KeyShares _inFlight = new(settings.StoreInFlight);

    /// <summary>Admits a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="orders">How many orders it writes.</param>
    /// <exception cref="BusyException">Too many requests are waiting, or too many of this key. There is no
    /// queue: the response is 503 or 429 at once.</exception>
    public Pass Enter(HttpContext http, int orders = 1)
    {
        var cost = Math.Min(1 + (orders / OrdersPerUnit), settings.StoreInFlight);
        var place = _inFlight.TryTake(http.GetCaller().KeyId, cost, out var isKeysFault) ?? throw (isKeysFault
            ? new BusyException(StatusCodes.Status429TooManyRequests, "This key has as many writes under way as its share allows. Nothing was written.", RetryAfter)
            : new BusyException(StatusCodes.Status503ServiceUnavailable, "Too many writes are under way. Nothing was written.", RetryAfter));
        return new Pass(this, place, http.RequestAborted);
    }

    /// <summary>The permit of a request.</summary>
    internal sealed class Pass : IDisposable
    {
        private readonly IDisposable _place;
        private readonly CancellationTokenSource _limit;
        private int _left;

        public Pass(StoreGate gate, IDisposable place, CancellationToken aborted)
        {
            _place = place;
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
                _place.Dispose();
            }
        }
    }

    private TimeSpan Timeout => settings.StoreTimeout;
}
