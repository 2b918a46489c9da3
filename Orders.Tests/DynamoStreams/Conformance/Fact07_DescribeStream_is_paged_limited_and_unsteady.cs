using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact07_DescribeStream_is_paged_limited_and_unsteady(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task All_pages_are_read()
    {
        for (var i = 0; i < 250; i++)
        {
            Streams.Write(Streams.AddShard($"shard-{i:000}"), $"item-{i}");
        }

        await ConsumeAsync(250);

        (await Bench.NotedAsync()).Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public async Task A_throttle_is_waited_out()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        Streams.Fail("ListStreams", StreamsFailure.Throttled, 2);
        Streams.Fail("DescribeStream", StreamsFailure.Throttled, 3);

        await ConsumeAsync(1);
    }

    [Fact]
    public async Task A_listing_that_fails_is_tried_again_soon_however_often_it_failed()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        Streams.Fail("ListStreams", StreamsFailure.Malformed, 16);
        await using var consumer = Bench.Start(
            Streams, change: options => options with { ListInterval = TimeSpan.FromHours(1), LongestListBackoff = TimeSpan.FromMilliseconds(50) });

        await Bench.NotedAsync(1);
    }

    [Fact]
    public async Task A_stream_that_is_being_enabled_lists_no_shards_yet()
    {
        Streams.Current.Status = "ENABLING";
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await using var consumer = Bench.Start(Streams, change: options => options with { ListInterval = TimeSpan.FromHours(1) });
        await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("DescribeStream") > 2));
        consumer.Consumer.Progress.HasListed.ShouldBeFalse();

        Streams.Current.Status = "ENABLED";

        await Bench.NotedAsync(1);
    }

    [Fact]
    public async Task A_listing_that_lacks_an_open_parent_does_not_let_its_child_go_first()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a", "b");
        Streams.Write(Streams.Split(parent, "shard-2")[0], "c");
        parent.HiddenListings = 2;

        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Nor_does_it_make_the_parent_forget_a_parent_of_its_own()
    {
        var first = Streams.AddShard("shard-1");
        Streams.Write(first, "a", "b");
        var parent = Streams.Split(first, "shard-2")[0];
        Streams.Write(parent, "c");
        Streams.Write(Streams.Split(parent, "shard-3")[0], "d");
        parent.HiddenListings = 2;

        await ConsumeAsync(4);

        // What the child says of its parent is only its name: had it been believed before the listing had
        // the parent again, this one would be without.
        (await Bench.ScalarAsync<string>("SELECT parent_shard_id FROM sync.shards WHERE shard_id = 'shard-2'")).ShouldBe("shard-1");
        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public async Task A_parent_that_every_listing_lacks_is_read_all_the_same()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a", "b");
        Streams.Write(Streams.Split(parent, "shard-2")[0], "c");
        parent.HiddenListings = int.MaxValue;

        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task One_instance_lists_for_all()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        var apis = Enumerable.Range(0, 4).Select(_ => new CountingApi(Streams)).ToList();
        var consumers = apis.ConvertAll(api => Bench.Start(api, Bench.Handler(), ConsumerBench.Options() with { ListInterval = TimeSpan.FromHours(1) }));
        await Bench.NotedAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(consumers.TrueForAll(consumer => consumer.Consumer.Progress.HasListed)));
        foreach (var consumer in consumers)
        {
            await consumer.DisposeAsync();
        }

        apis.Sum(api => api.Listings).ShouldBe(1);
    }
}
