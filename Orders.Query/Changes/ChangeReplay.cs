namespace Orders.Query.Changes;

/// <summary>
/// Reads for one client what is not in the ring any more. A few at a time do: thousands that come back at
/// once must not take every connection that the other routes need.
/// </summary>
internal sealed class ChangeReplay(ChangeStore store) : IDisposable
{
    private const int AtOnce = 8;
    private const int PageRows = 100;
    private static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>
    /// Reads a page; null when it is not this client's turn yet, so that it can say meanwhile that it lives.
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
