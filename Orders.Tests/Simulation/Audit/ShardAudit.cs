using DynamoStreams.Applying;

namespace Orders.Tests.Simulation.Audit;

/// <summary>No shard is ended that goes on, or of which records were not read.</summary>
internal sealed class ShardAudit(Auditor auditor, World world)
{
    /// <summary>When anything was committed last.</summary>
    public TimeSpan LastCommit { get; private set; }

    public void Committed(ShardBatch batch)
    {
        LastCommit = batch.Records.Count > 0 ? world.Now : LastCommit;
        var shard = world.Stream.Find(batch.Lease.ShardId);
        world.Log.Add("postgres", $"{batch.Lease.ShardId} {batch.Records.Count} records to {batch.Checkpoint}{(batch.EndsShard ? ", its end" : "")} under {batch.Lease.FencingToken}");
        if (!batch.EndsShard)
        {
            return;
        }

        var last = batch.Checkpoint ?? world.Postgres.Leases.CheckpointOf(new(batch.Lease.StreamArn, batch.Lease.ShardId));
        if (!shard.IsClosed)
        {
            auditor.Break("no shard ends that goes on", $"{shard.ShardId} ended behind {last}");
        }
        else if (shard.Records is [.., var record] && record.Sequence.ToString() != last)
        {
            auditor.Break("no shard ends before it is read", $"{shard.ShardId} ended behind {last}, its last record is {record.Sequence}");
        }
    }
}
