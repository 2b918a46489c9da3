using Orders.Query.Reading;

namespace Orders.Query.Changes;

/// <summary>Decides where a stream begins.</summary>
internal sealed class ChangeStarts(ChangeStore store, ChangeRing ring, ChangeReaders readers, TimeProvider time)
{
    /// <param name="after">The last event that the client has; null for none.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="TimeoutException">Postgres does not answer; its own failures are not
    /// wrapped.</exception>
    public Task<ChangeStart> FindAsync(ChangeEventId? after, CancellationToken cancellationToken) =>
        LookAsync(after, cancellationToken).WaitAsync(ReadDeadline.Limit, time, cancellationToken);

    private async Task<ChangeStart> LookAsync(ChangeEventId? after, CancellationToken cancellationToken)
    {
        await readers.Started.WaitAsync(ReadDeadline.Limit, time, cancellationToken);
        var now = ring.Look();
        if (after is null)
        {
            return new(now.Feed, now.Generation, now.End, ChangeStartKind.Now);
        }

        return after.Feed == now.Feed && await ExistsAsync(after.Position, now.End, cancellationToken)
            ? new(now.Feed, now.Generation, after.Position, ChangeStartKind.Resumed)
            : new(now.Feed, now.Generation, now.End, ChangeStartKind.Reset);
    }

    // Another instance may have read further. A position after the newest transaction was never read by any:
    // the database was restored to an earlier time.
    private async Task<bool> ExistsAsync(ChangePosition position, ChangePosition end, CancellationToken cancellationToken) =>
        position <= end || position.Xid <= (await store.ReadHeadAsync(cancellationToken)).Next;
}
