using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact19_A_finished_shard_outlives_its_children(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task So_that_its_lineage_is_not_replayed()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        var child = Streams.Split(parent, "shard-2")[0];
        Streams.Write(child, "b");
        await using (Bench.Start(Streams))
        {
            await Bench.NotedAsync(2);

            // Many listings lack the parent, and then one has it again.
            parent.HiddenListings = 10;
            await Eventually.HoldsAsync(() => Task.FromResult(parent.HiddenListings < -5));
        }

        await ConsumeAsync(2);
        Streams.Write(child, "c");
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task And_is_forgotten_after_them()
    {
        var parent = Streams.AddShard("shard-1");
        Streams.Write(parent, "a");
        var child = Streams.Split(parent, "shard-2")[0];
        Streams.Write(Streams.Split(child, "shard-3")[0], "b");
        await using var consumer = Bench.Start(Streams);
        await FinishedAsync("shard-2");

        Streams.Trim(parent);

        await Bench.HoldsAsync("SELECT NOT EXISTS (SELECT FROM sync.shards WHERE shard_id = 'shard-1')");
        (await GapsAsync()).ShouldBe(0);
    }
}
