using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.FairShares;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>The memory for one request's body. It is given back when the response is complete.</summary>
/// <param name="budget">Of all requests, in bytes.</param>
/// <param name="key">The key's id; empty for none.</param>
/// <param name="response">The response.</param>
internal sealed class BodyMemory(KeyShares budget, string key, HttpResponse response)
{
    private const string KeysFault = "This key sends more large bodies at once than its share of the memory for them.";
    private const string InUse = "The memory for large bodies is in use.";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private bool _isTaken;

    /// <summary>Takes the memory for a body of unknown length that is no small one; idempotent.</summary>
    /// <exception cref="BusyException">There is none left.</exception>
    public void TakeMost() => Take(BodyLimit.MaxBytes);

    /// <summary>Takes the memory for a body; the second call does nothing.</summary>
    /// <param name="bytes">Its length.</param>
    /// <exception cref="BusyException">There is none left.</exception>
    public void Take(long bytes)
    {
        if (_isTaken || bytes <= BodyBudget.FreeBytes)
        {
            return;
        }

        var taken = budget.TryTake(key, bytes, out var isKeysFault) ?? throw (isKeysFault
            ? new BusyException(StatusCodes.Status429TooManyRequests, KeysFault, RetryAfter)
            : new BusyException(StatusCodes.Status503ServiceUnavailable, InUse, RetryAfter));
        _isTaken = true;
        response.RegisterForDispose(taken);
    }
}
