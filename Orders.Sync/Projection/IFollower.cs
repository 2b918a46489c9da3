namespace Orders.Sync.Projection;

/// <summary>
/// A follower of the read model: a copy of its orders elsewhere, such as Redis. Every writer of orders
/// includes all followers (<see cref="ProjectionWriter"/>): each is called before a transaction, may add
/// statements to it, and is called after it. To add a follower, register it.
/// </summary>
internal interface IFollower
{
    /// <summary>
    /// Prepares changes of the stream: after it, the commit cannot leave a reader of the follower with an
    /// older version. Waits until that is true.
    /// </summary>
    /// <param name="newest">The last state of each order; may be none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IFollowerCommit> BeginAsync(IReadOnlyCollection<OrderChange> newest, CancellationToken cancellationToken);

    /// <summary>The same for orders that are not written by the stream, at any version.</summary>
    /// <param name="orderIds">The orders; may be none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IFollowerCommit> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken);
}
