using DynamoStreams;
using Orders.Domain.Cache;

namespace Orders.Sync.Cache;

/// <summary>
/// Stops readers from using Redis while this instance cannot announce its changes there. It is a row of
/// <c>sync.cache_suspensions</c>. A reader trusts Redis for a short time only, and checks for the row
/// several times in it. No change bypasses Redis before that time is over, or after the row was removed.
/// </summary>
internal sealed partial class CacheSuspension(ICacheTables tables, StreamConsumerOptions options, TimeProvider time, ILogger<CacheSuspension> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile Begun? _begun;
    private volatile bool _isSettled;
    private volatile bool _othersSuspend;

    /// <summary>This instance's name.</summary>
    public string Owner => options.Owner;

    /// <summary>Whether it has begun.</summary>
    public bool IsActive => _begun is not null;

    /// <summary>
    /// Whether this instance's heartbeat may tell readers to use Redis: neither it nor, at the last check,
    /// another instance has a suspension.
    /// </summary>
    public bool AllowsReading => !IsActive && !_othersSuspend;

    /// <summary>Begins the suspension if it has not begun.</summary>
    /// <param name="reason">For a person.</param>
    /// <param name="purge">Whether Redis must be purged before it is read again, because the changes are not
    /// listed one by one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether no reader trusts Redis any more; if false, ask again.</returns>
    public async Task<bool> IsSettledAsync(string reason, bool purge, CancellationToken cancellationToken)
    {
        if (_isSettled)
        {
            return true;
        }

        // A wait with a cancellation token continues on the thread pool and would leave a synchronization
        // context.
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

    /// <summary>The row was removed: the suspension must begin again.</summary>
    public void Forget()
    {
        _isSettled = false;
        _begun = null;
    }

    /// <summary>
    /// Ends the suspensions of this instance and of dead ones, when no listed repair is left.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether only suspensions of other live instances are left.</returns>
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
