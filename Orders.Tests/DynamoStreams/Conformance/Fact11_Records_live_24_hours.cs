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

    [Fact]
    public async Task A_shard_that_was_found_and_not_read_for_a_day_may_have_lost_records_too()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await ConsumeAsync(1);
        await Bench.ExecuteAsync("UPDATE sync.shards SET discovered_at = now() - interval '25 hours', checkpoint = NULL, records = 0");

        await ConsumeAsync(2);

        (await GapsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Shards_that_came_and_went_unseen_are_a_gap()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        var lost = Streams.Split(parent, "shard-2")[0];
        lost.HiddenListings = int.MaxValue;
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
