using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>A follower's part in one transaction that writes orders.</summary>
internal interface IFollowerCommit
{
    /// <summary>
    /// Statements for the same transaction, after the one that takes the gate. They make it fail when it is
    /// no longer safe to commit.
    /// </summary>
    IEnumerable<NpgsqlBatchCommand> Commands();

    /// <summary>
    /// Called when the transaction failed, perhaps because of one of the <see cref="Commands"/>: the state
    /// of the follower is then read again.
    /// </summary>
    /// <param name="refusal">Why.</param>
    void Refused(PostgresException refusal);

    /// <summary>
    /// Called when the changes are committed. It never throws because of the follower: what the follower did
    /// not accept is repaired later.
    /// </summary>
    /// <param name="changes">The changes.</param>
    /// <param name="refused">Orders of which Postgres kept another state: their announcements are
    /// withdrawn.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CompleteAsync(ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken);

    /// <summary>The same for orders whose changes are not published.</summary>
    /// <param name="orders">Their committed states.</param>
    /// <param name="withdrawn">Orders that were not written, or whose state is unknown.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken);
}
