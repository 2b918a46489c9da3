namespace Orders.Query.Changes;

/// <summary>
/// Reads changes from Postgres for a client that is behind the ring. The number of concurrent replays is
/// bounded (a bulkhead): thousands of clients that reconnect at once must not take all connections from the
/// other routes.
/// </summary>
internal sealed class ChangeReplay(ChangeStore store) : IDisposable
{
    private const int AtOnce = 8;
    private const int PageRows = 100;
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>
    /// Reads a page; null when no slot is free yet, so that the caller can send a ping meanwhile.
    /// </summary>
    public async Task<ChangePage?> ReadAsync(ChangePosition after, ChangeFilter filter, CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(TurnLimit, cancellationToken))
        {
            return null;
        }

        try
        {
            return await store.ReadAsync(after, filter, PageRows, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
