namespace Orders.Sync.Projection;

/// <summary>
/// What every writer of orders has in common, whatever it writes them from: the stream, a snapshot, a dead
/// letter, a repair. It begins here, commits one transaction, and finishes what follows.
/// </summary>
internal sealed class ProjectionWriter(IEnumerable<IFollower> followers, DoubtfulOrders doubts, PassedOver passedOver)
{
    private readonly IFollower[] _followers = [.. followers];

    /// <summary>Begins to write changes of the stream.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Stops waiting for a follower.</param>
    public async Task<OrderWriting> BeginAsync(ChangeSet changes, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(_followers.Select(follower => follower.BeginAsync(changes.Newest, cancellationToken))), [.. changes.Newest.Select(change => change.OrderId)], doubts, passedOver);

    /// <summary>Begins to write orders beside the stream, at any version.</summary>
    /// <param name="orderIds">The orders.</param>
    /// <param name="cancellationToken">Stops waiting for a follower.</param>
    public async Task<OrderWriting> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(_followers.Select(follower => follower.BeginBesideAsync(orderIds, cancellationToken))), orderIds, doubts, passedOver);
}
