using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain03_A_deleted_shard_is_retried_for_ever(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task It_is_ended_with_a_gap_and_asked_for_no_more()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        await ConsumeAsync(1);

        Streams.Write(parent, "lost");
        var child = Streams.Split(parent, "shard-2")[0];
        Streams.Write(child, "b");
        parent.Gone = true;
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(2);
        var asked = Streams.CallsOf("GetShardIterator shard-1");
        for (var i = 0; i < 5; i++)
        {
            Streams.Write(child, $"later-{i}");
            await Bench.NotedAsync(3 + i);
        }

        Streams.CallsOf("GetShardIterator shard-1").ShouldBeLessThanOrEqualTo(asked + 1, "the listing may ask once whether it may be forgotten");
        (await Bench.ScalarAsync<string>("SELECT shard_id FROM sync.gaps")).ShouldBe("shard-1");
    }

    [Fact]
    public async Task One_that_is_unknown_for_a_moment_is_not_given_up()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        Streams.Fail("GetShardIterator", StreamsFailure.NotFound, 2);

        await ConsumeAsync(1);

        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Nor_is_one_that_is_unknown_for_long_and_yet_listed()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);

        Streams.Write(shard, "b");
        Streams.Fail("GetShardIterator", StreamsFailure.NotFound, 20);
        await ConsumeAsync(2);

        (await GapsAsync()).ShouldBe(0);
        (await Bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE finished_at IS NOT NULL")).ShouldBe(0);
    }
}
