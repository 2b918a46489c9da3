using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact09_An_empty_page_is_not_caught_up(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task What_comes_behind_many_of_them_is_read()
    {
        Streams.PageSize = 3;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, Items(10));
        shard.EmptyPages = 12;

        await ConsumeAsync(10);

        (await Bench.NotedAsync()).ShouldBe(Items(10));
    }

    [Fact]
    public async Task Nor_are_many_where_a_child_waits_for_the_end()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        parent.EmptyPagesAtEnd = int.MaxValue;
        Streams.Write(Streams.Split(parent, "shard-2")[0], "b");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);

        await IsBehindAsync(consumer);
    }

    [Fact]
    public async Task Nor_where_a_newer_stream_waits()
    {
        var old = Streams.AddShard("shard-1");
        Streams.Write(old, "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);
        Streams.AddStream();
        Streams.Write(Streams.AddShard("shard-9"), "b");

        await IsBehindAsync(consumer);
    }

    [Fact]
    public async Task Nor_where_the_stream_is_disabled_until_it_is_not()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);
        shard.EmptyPagesAtEnd = int.MaxValue;
        Streams.Disable();
        await IsBehindAsync(consumer);

        // One listing was wrong.
        (shard.Closed, Streams.Current.Status) = (false, "ENABLED");

        await Bench.HoldsAsync("SELECT caught_up_at > clock_timestamp() - interval '0.5 seconds' FROM sync.shards WHERE shard_id = 'shard-1'");
    }

    // Heartbeats come five times a second, and none says that it is caught up.
    private async Task IsBehindAsync(ConsumerBench.RunningConsumer consumer)
    {
        await Bench.HoldsAsync("SELECT coalesce(caught_up_at, discovered_at) < clock_timestamp() - interval '1 second' FROM sync.shards WHERE shard_id = 'shard-1' AND finished_at IS NULL");
        consumer.Consumer.Progress.Shards.ShouldHaveSingleItem().IsCaughtUp.ShouldBeFalse();
    }
}
