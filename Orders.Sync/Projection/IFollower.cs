namespace Orders.Sync.Projection;

/// <summary>
/// What follows the read model: a copy of its orders elsewhere, such as Redis. Every writer of orders takes
/// all followers along (<see cref="ProjectionWriter"/>): each is asked before a transaction, may add
/// statements to it, and is told of its end. Another one is added by its registration alone.
/// </summary>
internal interface IFollower
{
    /// <summary>
    /// Makes sure that changes of the stream can be committed without a reader of the follower getting an
    /// older version afterwards. Waits until it is so.
    /// </summary>
    /// <param name="newest">The last state of each order; may be none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IFollowerCommit> BeginAsync(IReadOnlyCollection<OrderChange> newest, CancellationToken cancellationToken);

    /// <summary>The same for orders that are written beside the stream, at any version.</summary>
    /// <param name="orderIds">The orders; may be none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IFollowerCommit> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken);
}
