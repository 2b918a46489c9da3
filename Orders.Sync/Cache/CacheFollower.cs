using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.Cache;

/// <summary>Redis as a follower of the read model.</summary>
internal sealed class CacheFollower(OrderCacheWriter cache) : IFollower
{
    public async Task<IFollowerCommit> BeginAsync(IReadOnlyCollection<OrderChange> newest, CancellationToken cancellationToken) =>
        new Commit(cache, await cache.BeginAsync(newest, cancellationToken));

    public async Task<IFollowerCommit> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken) =>
        new Commit(cache, await cache.BeginBesideAsync(orderIds, cancellationToken));

    private sealed class Commit(OrderCacheWriter cache, CacheCommit commit) : IFollowerCommit
    {
        public IEnumerable<NpgsqlBatchCommand> Commands() => commit.Commands();

        public void Refused(PostgresException refusal)
        {
            if (CacheCommit.IsRefusal(refusal))
            {
                cache.Refused(refusal);
            }
        }

        public Task CompleteAsync(ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken) => cache.CompleteAsync(commit, changes, refused, cancellationToken);

        public Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken) =>
            cache.CompleteAsync(commit, [.. orders.Select(order => new CacheEntry(order.OrderId, order.Version, order.MerchantId, order.Body))], withdrawn, cancellationToken);
    }
}
