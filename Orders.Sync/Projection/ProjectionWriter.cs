namespace Orders.Sync.Projection;

/// <summary>
/// The common part of every writer of orders: the stream, a snapshot, a redrive, a repair. Each begins here,
/// commits one transaction, and finishes the work after it.
/// </summary>
internal sealed class ProjectionWriter(IEnumerable<IFollower> followers, DoubtfulOrders doubts, PassedOver passedOver)
{
    private readonly IFollower[] _followers = [.. followers];

    /// <summary>Begins to write changes of the stream.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Stops waiting for a follower.</param>
    public async Task<OrderWriting> BeginAsync(ChangeSet changes, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(_followers.Select(follower => follower.BeginAsync(changes.Newest, cancellationToken))), [.. changes.Newest.Select(change => change.OrderId)], doubts, passedOver);

    /// <summary>Begins to write orders from outside the stream, at any version.</summary>
    /// <param name="orderIds">The orders.</param>
    /// <param name="cancellationToken">Stops waiting for a follower.</param>
    public async Task<OrderWriting> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(_followers.Select(follower => follower.BeginBesideAsync(orderIds, cancellationToken))), orderIds, doubts, passedOver);
}
