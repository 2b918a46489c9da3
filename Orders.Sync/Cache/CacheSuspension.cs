using DynamoStreams;
using Orders.Domain.Cache;

namespace Orders.Sync.Cache;

/// <summary>
/// Keeps readers away from Redis while this instance cannot announce its changes there: a row of
/// <c>sync.cache_suspensions</c>, which every reader looks for several times in the time that its trust
/// lasts. No change is committed past Redis before that time is over; and none where the row is gone again.
/// </summary>
internal sealed partial class CacheSuspension(ICacheTables tables, StreamConsumerOptions options, TimeProvider time, ILogger<CacheSuspension> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile Begun? _begun;
    private volatile bool _isSettled;
    private volatile bool _othersSuspend;

    /// <summary>Whose it is: this instance's name.</summary>
    public string Owner => options.Owner;

    /// <summary>Whether it has begun.</summary>
    public bool IsActive => _begun is not null;

    /// <summary>
    /// Whether readers may take this instance's word that Redis can be read: neither it nor, when it looked
    /// last, another one keeps them away.
    /// </summary>
    public bool AllowsReading => !IsActive && !_othersSuspend;

    /// <summary>Begins it when it has not begun.</summary>
    /// <param name="reason">For a person.</param>
    /// <param name="purge">Whether the changes are not listed one by one, so that Redis must be emptied
    /// before it is read again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether no reader trusts Redis any more; ask again when not.</returns>
    public async Task<bool> IsSettledAsync(string reason, bool purge, CancellationToken cancellationToken)
    {
        if (_isSettled)
        {
            return true;
        }

        // A wait that can be cancelled goes on upon the thread pool, which takes it away from a context
        // where there is one.
        await _one.WaitAsync(SynchronizationContext.Current is null ? cancellationToken : CancellationToken.None);
        try
        {
            if (_begun is not { } begun)
            {
                var others = await tables.SuspendAsync(Owner, reason, purge, cancellationToken);
                _begun = new Begun(time.GetTimestamp());
                LogBegun(reason);
                if (!others)
                {
                    return false;
                }
            }
            else if (time.GetElapsedTime(begun.At) < OrderCache.SuspensionDelay)
            {
                return false;
            }

            await tables.SettleAsync(Owner, cancellationToken);
            _isSettled = true;
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The row is gone: it must be begun anew.</summary>
    public void Forget()
    {
        _isSettled = false;
        _begun = null;
    }

    /// <summary>
    /// Ends this instance's suspension, and those of instances that are gone, when Redis lacks nothing that
    /// is listed.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there is none left but those of other live instances.</returns>
    public async Task<bool> TryLiftAsync(CancellationToken cancellationToken)
    {
        var suspensions = await tables.FindSuspensionsAsync(Owner, cancellationToken);
        _othersSuspend = suspensions.Any(suspension => suspension.Owner != Owner);
        foreach (var owner in suspensions.Where(suspension => suspension.IsLiftable).Select(suspension => suspension.Owner))
        {
            if (!await tables.TryLiftAsync(owner, cancellationToken))
            {
                return false;
            }

            if (owner == Owner)
            {
                Forget();
                LogLifted();
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private sealed record Begun(long At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}: nobody reads it until it has every change again")]
    private partial void LogBegun(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has every change again, and is read again")]
    private partial void LogLifted();
}
