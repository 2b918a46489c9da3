using System.Collections.Concurrent;
using DynamoStreams;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Testing;

/// <summary>
/// A test of somebody's handler: the consumer on a scripted stream and a store in memory, without any
/// engine.
/// </summary>
public sealed class MemoryLeaseStoreTests
{
    [Fact]
    public async Task A_handler_is_tested_without_engines()
    {
        var (streams, leases) = (new ScriptedStreams(), new MemoryLeaseStore(TimeProvider.System));
        var shard = streams.AddShard("shard-1");
        streams.Write(shard, "a", "b");
        streams.Write(streams.Split(shard, "shard-2")[0], "c");
        var handler = new Remembering(leases);
        using var stop = new CancellationTokenSource();
        using var consumer = new StreamConsumer(streams, leases, handler, new StreamConsumerOptions { TableName = streams.Table }, TimeProvider.System, NullLogger<StreamConsumer>.Instance);

        var running = consumer.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(handler.EventIds.Count == 3));
        await stop.CancelAsync();
        await running;

        handler.EventIds.ShouldBe(streams.AllShards.SelectMany(each => each.Records).Select(record => record.EventId));
        leases.CheckpointOf(new(shard.StreamArn, shard.ShardId)).ShouldBe(shard.Records[^1].SequenceNumber);
        leases.CheckpointOf(new(shard.StreamArn, "no such shard")).ShouldBeNull();
        leases.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_of_a_former_owner_is_not_committed()
    {
        var leases = new MemoryLeaseStore(TimeProvider.System);
        await leases.AddAsync([("arn", new("shard-1", null))], CancellationToken.None);
        var shard = new ShardState("arn", "shard-1", ParentShardId: null, Finished: false, Free: true);
        ILeaseStore store = leases;
        var former = (await store.TryAcquireAsync(shard, "a", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
        await store.ReleaseAsync(former, CancellationToken.None);
        await store.TryAcquireAsync(shard, "b", TimeSpan.FromMinutes(1), CancellationToken.None);

        Should.Throw<LeaseLostException>(() => leases.Commit(new ShardBatch(former, [ScriptedStreams.Record("1", "a")], EndsShard: false)));

        leases.CheckpointOf(former.Key).ShouldBeNull();
    }

    private sealed class Remembering(MemoryLeaseStore leases) : IBatchHandler
    {
        public ConcurrentQueue<string> EventIds { get; } = [];

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            leases.Commit(batch);
            foreach (var record in batch.Records)
            {
                EventIds.Enqueue(record.EventId);
            }

            return Task.CompletedTask;
        }

        public FailureKind Classify(Exception failure) => FailureKind.Setup;

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
