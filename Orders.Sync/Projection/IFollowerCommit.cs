using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>A follower's part in one transaction that writes orders.</summary>
internal interface IFollowerCommit
{
    /// <summary>
    /// Statements of the same transaction, behind the one that passes the gate. They may make it fail where
    /// it is no longer safe to commit.
    /// </summary>
    IEnumerable<NpgsqlBatchCommand> Commands();

    /// <summary>
    /// The transaction was refused, perhaps by one of the <see cref="Commands"/>: then what was believed of
    /// the follower is looked at again.
    /// </summary>
    /// <param name="refusal">Why.</param>
    void Refused(PostgresException refusal);

    /// <summary>
    /// The changes are committed. Never fails for the follower's sake: what it does not take is mended
    /// later.
    /// </summary>
    /// <param name="changes">The changes.</param>
    /// <param name="refused">Orders of which Postgres has another state than these: what was begun for them
    /// is withdrawn.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CompleteAsync(ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken);

    /// <summary>The same of orders whose changes nobody is told of.</summary>
    /// <param name="orders">How they stand.</param>
    /// <param name="withdrawn">Orders that were not written after all, or of which it is not known how they
    /// stand.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken);
}
