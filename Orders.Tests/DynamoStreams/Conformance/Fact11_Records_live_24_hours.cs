using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact11_Records_live_24_hours(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task What_was_trimmed_is_a_gap_and_the_rest_is_read()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);

        Streams.Write(shard, "lost", "kept");
        shard.TrimmedBefore = 2;
        await ConsumeAsync(2);

        (await Bench.NotedAsync()).ShouldBe(["a", "kept"]);
        (await Bench.ScalarAsync<int>("SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL AND after IS NOT NULL")).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task What_is_only_said_to_be_trimmed_is_no_gap_while_an_older_record_is_still_there(int times)
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b");
        await ConsumeAsync(2);

        shard.FalseTrims = times;
        Streams.Write(shard, "c");
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_only_said_to_be_trimmed_is_no_gap_when_for_a_while_the_shard_seems_to_have_nothing_at_all()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b");
        await ConsumeAsync(2);

        // Six answers in a row that records are trimmed; the third to the sixth ask for a look, each of five
        // pages.
        (shard.FalseTrims, shard.EmptyPages) = (6, 20);
        Streams.Write(shard, "c");
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_shard_of_which_all_is_trimmed_is_a_gap_too()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);

        Streams.Write(shard, "lost");
        shard.TrimmedBefore = 2;
        await using (Bench.Start(Streams))
        {
            await Eventually.HoldsAsync(async () => await GapsAsync() == 1);
        }
    }

    [Fact]
    public async Task A_shard_that_was_found_and_not_read_for_a_day_may_have_lost_records_too()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await ConsumeAsync(1);
        await Bench.ExecuteAsync("UPDATE sync.shards SET discovered_at = now() - interval '25 hours', caught_up_at = NULL, checkpoint = NULL, records = 0");

        await ConsumeAsync(2);

        (await GapsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_that_was_read_all_day_and_had_no_record_has_lost_none()
    {
        var shard = Streams.AddShard("shard-1");
        await using (Bench.Start(Streams))
        {
            await Bench.HoldsAsync("SELECT EXISTS (SELECT FROM sync.shards WHERE caught_up_at IS NOT NULL)");
        }

        await Bench.ExecuteAsync("UPDATE sync.shards SET discovered_at = now() - interval '25 hours'");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);

        (await GapsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task And_one_that_was_read_empty_and_then_not_for_a_day_has_one_gap_however_often_it_is_leased()
    {
        await Bench.Leases.AddAsync([(Streams.Current.StreamArn, new ShardDescription("shard-1", null))], CancellationToken.None);
        await Bench.ExecuteAsync("UPDATE sync.shards SET discovered_at = now() - interval '26 hours', caught_up_at = now() - interval '25 hours'");
        var shard = new ShardState(Streams.Current.StreamArn, "shard-1", null, Finished: false, Free: true);
        var lease = (await Bench.Leases.TryAcquireAsync(shard, "first", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();
        lease.IsOverdue.ShouldBeTrue();

        await Bench.Leases.RecordGapAsync(lease, "not read for 25 hours", CancellationToken.None);

        (await Bench.Leases.TryAcquireAsync(shard, "second", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull().IsOverdue.ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_begins_anew_after_a_gap_and_is_then_not_read_for_a_day_has_another()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await ConsumeAsync(1);
        var shard = new ShardState(Streams.Current.StreamArn, "shard-1", null, Finished: false, Free: true);
        var lease = (await Bench.Leases.TryAcquireAsync(shard, "first", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();
        await Bench.Leases.RecordGapAsync(lease, "trimmed", CancellationToken.None);
        (await Bench.Leases.TryAcquireAsync(shard, "second", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull().IsOverdue.ShouldBeFalse();

        await Bench.ExecuteAsync("UPDATE sync.shards SET discovered_at = now() - interval '25 hours', caught_up_at = now() - interval '26 hours'");

        (await Bench.Leases.TryAcquireAsync(shard, "third", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull().IsOverdue.ShouldBeTrue();
    }

    [Fact]
    public async Task Shards_that_came_and_went_unseen_are_a_gap()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        var lost = Streams.Split(parent, "shard-2")[0];
        lost.HiddenListings = int.MaxValue;
        Streams.AddShard("shard-9");
        Streams.Filter = FilterSupport.Refuses;
        await using (Bench.Start(Streams))
        {
            await FinishedAsync("shard-1");
        }

        Streams.Write(lost, "lost");
        Streams.Write(Streams.Split(lost, "shard-3")[0], "b");
        Streams.Trim(parent);
        Streams.Trim(lost);
        await ConsumeAsync(2);

        await Bench.HoldsAsync("SELECT count(*) = 1 FROM sync.gaps WHERE shard_id = 'shard-1'");
    }
}
