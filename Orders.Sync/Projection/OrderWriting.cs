using DynamoStreams.Applying;
using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// One write of orders, begun by <see cref="ProjectionWriter"/>: its transaction, and the work after it.
/// </summary>
internal sealed class OrderWriting(IReadOnlyList<IFollowerCommit> followers, IReadOnlyCollection<Guid> orderIds, DoubtfulOrders doubts, PassedOver passedOver)
{
    /// <summary>
    /// The followers' statements, for a transaction that does not go through <see cref="ExecuteAsync"/>.
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Commands() => followers.SelectMany(follower => follower.Commands());

    /// <summary>Runs the transaction, and informs the followers when it fails.</summary>
    /// <param name="commit">The transaction, or a part of it.</param>
    /// <param name="cancellationToken">Stops waiting for a follower.</param>
    public async Task<T> CommitAsync<T>(Func<Task<T>> commit, CancellationToken cancellationToken)
    {
        try
        {
            return await commit();
        }
        catch (PostgresException refusal)
        {
            foreach (var follower in followers)
            {
                follower.Refused(refusal);
            }

            if (ProjectionFailures.Classify(refusal) == FailureKind.Record)
            {
                // Certainly not committed: readers and writers continue with the old state.
                await CompleteAsync([], orderIds, cancellationToken);
            }

            throw;
        }
    }

    /// <summary>
    /// Sends statements, followed by those that project the changes, those of the followers, and the one
    /// that finds changes that were passed over.
    /// </summary>
    /// <param name="statements">The batch of the transaction, which begins with the caller's
    /// statements.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="beside">Further statements of the transaction, after the orders.</param>
    /// <param name="asksTable">Whether orders in doubt are noted, to be read from the table. If not, the
    /// caller reads them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<WrittenOrders> ExecuteAsync(NpgsqlBatch statements, ChangeSet changes, IEnumerable<NpgsqlBatchCommand> beside, bool asksTable, CancellationToken cancellationToken)
    {
        var tail = changes.Newest.Count == 0 ? [] : Commands().Append(asksTable ? RefusedOrders.FindAndNote(changes.Newest) : RefusedOrders.Find(changes.Newest));
        foreach (var command in ProjectionCommands.For(changes).Concat(beside).Concat(tail))
        {
            statements.BatchCommands.Add(command);
        }

        if (statements.BatchCommands.Count == 0)
        {
            return WrittenOrders.All(changes);
        }

        var passed = new List<PassedChange>();
        var refused = await RefusedOrders.ExecuteAsync(statements, passed, cancellationToken);
        return new WrittenOrders(changes, refused, asksTable ? passed : []);
    }

    /// <summary>
    /// Does the work after the commit: signals the service that reads orders in doubt, completes the
    /// followers, reports what was passed over.
    /// </summary>
    /// <param name="written">The committed changes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task FinishAsync(WrittenOrders written, CancellationToken cancellationToken)
    {
        var (changes, refused, passed) = written;
        doubts.Noted(changes.Gone.Count == 0 ? refused : new HashSet<Guid>([.. refused, .. changes.Gone]));
        if (changes.Newest.Count > 0)
        {
            await Task.WhenAll(followers.Select(follower => follower.CompleteAsync(changes, refused, cancellationToken)));
        }

        if (written.LeftOut.Count > 0)
        {
            await CompleteAsync([], written.LeftOut, cancellationToken);
        }

        await passedOver.TellAsync(passed, cancellationToken);
    }

    /// <summary>
    /// Only completes the followers, for orders that were not written by <see cref="ExecuteAsync"/>.
    /// </summary>
    /// <param name="orders">Their committed states.</param>
    /// <param name="withdrawn">Orders that were begun and whose state is unknown.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken) =>
        Task.WhenAll(followers.Select(follower => follower.CompleteAsync(orders, withdrawn, cancellationToken)));
}
