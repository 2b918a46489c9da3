using DynamoStreams.Applying;
using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// One writing of orders, begun by <see cref="ProjectionWriter"/>: its transaction, and what follows it.
/// </summary>
internal sealed class OrderWriting(IReadOnlyList<IFollowerCommit> followers, IReadOnlyCollection<Guid> orderIds, DoubtfulOrders doubts, PassedOver passedOver)
{
    /// <summary>
    /// The followers' statements, for a transaction that does not go through <see cref="ExecuteAsync"/>.
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Commands() => followers.SelectMany(follower => follower.Commands());

    /// <summary>Runs the transaction, and tells the followers when Postgres refuses it.</summary>
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
                // Certainly not committed: the orders are to be read and written as before.
                await CompleteAsync([], orderIds, cancellationToken);
            }

            throw;
        }
    }

    /// <summary>
    /// Sends statements and, behind them, those that project changes, the followers', and the one that finds
    /// what was passed over.
    /// </summary>
    /// <param name="statements">Of the transaction; with its own ones already.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="beside">What else belongs into the transaction, behind the orders.</param>
    /// <param name="asksTable">Whether orders in doubt are noted, for the table to be asked. Else the caller
    /// asks it.</param>
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
    /// Does what follows the commit: wakes who asks the table, completes the followers, tells of what was
    /// passed over.
    /// </summary>
    /// <param name="written">What is committed.</param>
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
    /// Completes the followers alone, whose orders were not written by <see cref="ExecuteAsync"/>.
    /// </summary>
    /// <param name="orders">How they stand now.</param>
    /// <param name="withdrawn">Those that were begun and of which it is not known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken) =>
        Task.WhenAll(followers.Select(follower => follower.CompleteAsync(orders, withdrawn, cancellationToken)));
}
