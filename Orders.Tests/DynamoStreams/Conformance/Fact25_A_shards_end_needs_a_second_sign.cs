using DynamoStreams.Api;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact25_A_shards_end_needs_a_second_sign(ConsumerBench bench) : StreamConformance(bench)
{
    private const string CaughtUpAt = "SELECT caught_up_at::text FROM sync.shards";

    [Theory]
    [InlineData("Answers", false)]
    [InlineData("Ignores", false)]
    [InlineData("Ignores", true)]
    [InlineData("Refuses", true)]
    public async Task Null_iterators_alone_end_nothing_however_many_there_are(string filter, bool endsOpenShards)
    {
        Streams.Filter = Enum.Parse<FilterSupport>(filter);
        Streams.EndsOpenShards = endsOpenShards;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b");
        shard.NullIterators = 30;
        await using var consumer = Bench.Start(Streams);
        await Eventually.HoldsAsync(() => Task.FromResult(shard.NullIterators == 0));

        Streams.Write(shard, "c");

        await Bench.NotedAsync(3);
        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await FinishedAsync()).ShouldBe(0);
        (await Bench.ScalarAsync<long>("SELECT fencing_token FROM sync.shards")).ShouldBe(1, "it was not ended and then taken back either");
        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Nor_is_such_a_shard_caught_up()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        shard.NullIterators = int.MaxValue;
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);
        var caughtUp = await Bench.ScalarAsync<string>(CaughtUpAt);
        var polls = Streams.CallsOf("GetRecords shard-1");
        await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("GetRecords shard-1") > polls + 20));

        consumer.Consumer.Progress.Shards.ShouldHaveSingleItem().IsCaughtUp.ShouldBeFalse();
        (await Bench.ScalarAsync<string>(CaughtUpAt)).ShouldBe(caughtUp, "no heartbeat said so");
    }

    [Fact]
    public async Task A_child_is_one_as_soon_as_there_is_one()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        shard.Closed = true;
        await using var consumer = Bench.Start(Streams);
        await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("GetRecords shard-1") > 20));
        (await FinishedAsync()).ShouldBe(0);

        Streams.Write(Streams.Split(shard, "shard-2")[0], "b");

        await FinishedAsync("shard-1");
        await Bench.NotedAsync(2);
    }

    [Fact]
    public async Task A_child_that_a_listing_finds_is_one_when_nobody_answers_who_it_is()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(Streams.Split(shard, "shard-2")[0], "b");
        Streams.Fail("DescribeChildren", StreamsFailure.Malformed, 1000);

        await ConsumeAsync(1);

        await FinishedAsync("shard-1");
        Streams.CallsOf("DescribeStream").ShouldBeLessThanOrEqualTo(Streams.CallsOf("ListStreams"), "only the lister asked");
    }

    [Fact]
    public async Task That_nobody_answers_well_is_no_refusal_of_the_filter()
    {
        var shard = Streams.AddShard("shard-1");
        var children = Streams.Split(shard, "shard-2");
        Streams.Fail("DescribeChildren", StreamsFailure.Malformed);
        await using var consumer = Bench.Start(Streams);
        await FinishedAsync("shard-1");

        Streams.Split(children[0], "shard-3");

        await FinishedAsync("shard-2");
        Streams.CallsOf("DescribeChildren shard-2").ShouldBe(1);
    }

    [Fact]
    public async Task That_the_stream_is_disabled_is_one()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        Streams.Disable();
        await using var consumer = Bench.Start(Streams);

        await FinishedAsync("shard-1");
    }

    [Fact]
    public async Task An_ending_number_that_was_read_is_one_where_open_shards_have_none()
    {
        var other = Streams.AddShard("shard-1");
        Streams.Write(other, "a");
        Streams.AddShard("shard-2");
        other.Closed = true;
        await using var consumer = Bench.Start(Streams);

        await FinishedAsync("shard-1");
    }

    private Task<int> FinishedAsync() => Bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE finished_at IS NOT NULL");
}
