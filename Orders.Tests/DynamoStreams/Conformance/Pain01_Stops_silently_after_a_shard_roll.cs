using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain01_Stops_silently_after_a_shard_roll(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task Children_that_are_listed_late_are_found_and_read()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams, change: options => options with { ListInterval = TimeSpan.FromMinutes(1) });
        await Bench.NotedAsync(1);

        Streams.AddShard("shard-2", "shard-1").HiddenListings = 5;
        Streams.Write(Streams.AllShards[^1], "b");
        shard.Closed = true;

        await Bench.NotedAsync(2);
        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
    }
}
