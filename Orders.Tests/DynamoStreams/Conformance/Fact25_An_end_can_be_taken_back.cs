using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact25_An_end_can_be_taken_back(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task Of_a_shard_without_children_that_goes_on()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);
        await Bench.ExecuteAsync("UPDATE sync.shards SET finished_at = now()");

        Streams.Write(shard, "b");
        await ConsumeAsync(2);

        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Also_before_it_goes_on()
    {
        Streams.AddShard("shard-1");
        await using var consumer = Bench.Start(Streams);
        await Bench.HoldsAsync("SELECT EXISTS (SELECT FROM sync.shards WHERE owner IS NOT NULL)");
        await Bench.ExecuteAsync("UPDATE sync.shards SET finished_at = now()");

        await Bench.HoldsAsync("SELECT finished_at IS NULL FROM sync.shards");
    }

    [Fact]
    public async Task Of_a_shard_with_children_that_has_more_records()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        Streams.Write(Streams.Split(parent, "shard-2")[0], "c");
        await ConsumeAsync(2);

        Streams.Write(parent, "b");
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "c", "b"]);
    }

    [Theory]
    [InlineData(5, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 5)]
    public async Task Also_when_the_first_looks_behind_it_are_answered_wrongly(int emptyPages, int falseTrims, int falseNotFounds)
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        Streams.Write(Streams.Split(parent, "shard-2")[0], "c");
        await ConsumeAsync(2);

        (parent.EmptyPages, parent.FalseTrims, parent.FalseNotFounds) = (emptyPages, falseTrims, falseNotFounds);
        Streams.Write(parent, "b");
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "c", "b"]);
        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_true_is_looked_behind_in_three_listings_and_stays()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        Streams.Write(Streams.Split(parent, "shard-2")[0], "b");
        await ConsumeAsync(2);
        await FinishedAsync("shard-1");
        var calls = Streams.CallsOf("GetShardIterator shard-1");
        var listings = Streams.CallsOf("ListStreams");

        await using var consumer = Bench.Start(Streams);
        await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("ListStreams") > listings + 8));

        Streams.CallsOf("GetShardIterator shard-1").ShouldBe(calls + 3);
        (await Bench.ScalarAsync<bool>("SELECT finished_at IS NOT NULL FROM sync.shards WHERE shard_id = 'shard-1'")).ShouldBeTrue();
    }

    [Fact]
    public async Task Only_while_it_is_still_the_one_that_was_looked_at()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await ConsumeAsync(1);
        await Bench.ExecuteAsync("UPDATE sync.shards SET finished_at = now()");
        var shard = (await Bench.Leases.ReadLineageAsync("orders", CancellationToken.None)).Shards.ShouldHaveSingleItem();

        (await Bench.Leases.ReopenAsync(shard with { Checkpoint = "1" }, CancellationToken.None)).ShouldBeFalse();
        (await Bench.Leases.ReopenAsync(shard with { FencingToken = shard.FencingToken + 1 }, CancellationToken.None)).ShouldBeFalse();
        (await Bench.Leases.ReopenAsync(shard, CancellationToken.None)).ShouldBeTrue();
        (await Bench.Leases.ReopenAsync(shard, CancellationToken.None)).ShouldBeFalse();
        var open = (await Bench.Leases.LookAsync("orders", CancellationToken.None)).Open.ShouldHaveSingleItem();
        (await Bench.Leases.TryAcquireAsync([open], "next", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldHaveSingleItem().Checkpoint.ShouldBe(shard.Checkpoint);
    }
}
