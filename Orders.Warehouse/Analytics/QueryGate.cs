namespace Orders.Warehouse.Analytics;

/// <summary>Lets few queries run at a time: each takes every core that it gets.</summary>
internal sealed class QueryGate(TimeProvider time) : IDisposable
{
    private const int AtATime = 2;
    private const int MostWaiting = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _free = new(AtATime);
    private int _waiting;

    /// <summary>How long a refused caller should wait.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a place.</summary>
    /// <returns>To be disposed at the end of the query; null when too many wait already, or for too
    /// long.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        using var longest = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token);
        try
        {
            await _free.WaitAsync(either.Token);
            return new Place(_free);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
