using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using Orders.Tests.DynamoStreams.Scripted;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// The lease store. Without the second sign of a shard's end, every shard that is open looks as if a child
/// of it were written down.
/// </summary>
internal sealed class SimulatedLeases(World world, ILeaseStore store) : DelegatingLeaseStore(store)
{
    public override async Task<LeaseView> LookAsync(string tableName, CancellationToken cancellationToken)
    {
        var view = await base.LookAsync(tableName, cancellationToken);
        return world.Lacks(Repair.SecondSign) ? view with { Open = [.. view.Open, .. view.Open.Select(Child)] } : view;
    }

    private static ShardState Child(ShardState shard) => new(shard.StreamArn, $"{shard.ShardId}-child", shard.ShardId, Finished: false, Free: false);
}
