using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain15_Projection_daemons_stop_or_run_twice(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task A_shard_whose_work_failed_is_started_again()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        Streams.Fail("GetRecords", StreamsFailure.AccessDenied, 5);

        await using var consumer = Bench.Start(Streams, new FailsAtFirst(Bench.Handler(), times: 3));

        await Bench.NotedAsync(1);
    }

    [Fact]
    public async Task Instances_share_the_shards_and_apply_each_record_once()
    {
        var shards = Enumerable.Range(0, 6).Select(i => Streams.AddShard($"shard-{i}")).ToList();
        await using var one = Bench.Start(Streams);
        await Bench.HoldsAsync("SELECT count(*) = 6 FROM sync.shards WHERE owner IS NOT NULL");
        await using var two = Bench.Start(Streams);
        var items = Items(300);
        for (var i = 0; i < items.Length; i++)
        {
            Streams.Write(shards[i % shards.Count], items[i]);
        }

        await Bench.NotedAsync(300);
        await Bench.HoldsAsync("SELECT count(*) = 2 AND min(shards) = 3 FROM (SELECT count(*) AS shards FROM sync.shards GROUP BY owner) AS held");
        (await Bench.NotedAsync()).ShouldBe(items, ignoreOrder: true);
    }

    [Fact]
    public async Task Two_tables_in_one_database_leave_each_other_alone()
    {
        var other = new ScriptedStreams("payments");
        Streams.Write(Streams.AddShard("shard-1"), "a");
        other.Write(other.AddShard("shard-1"), "b");
        await using var orders = Bench.Start(Streams);
        await using var payments = Bench.Start(other);
        await Bench.NotedAsync(2);

        Streams.Write(Streams.AllShards[0], "c");
        other.Write(other.AllShards[0], "d");

        await Bench.NotedAsync(4);
        (await GapsAsync()).ShouldBe(0);
    }

    /// <summary>Fails altogether, setting aside included, so many times.</summary>
    private sealed class FailsAtFirst(IBatchHandler handler, int times) : IBatchHandler
    {
        private int _left = times;

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => Interlocked.Decrement(ref _left) >= 0
            ? throw new InvalidOperationException("not now")
            : handler.ApplyAsync(batch, cancellationToken);

        public FailureKind Classify(Exception failure) => FailureKind.Record;

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw new InvalidOperationException("not even that");
    }
}
