using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact06_Shards_roll_several_times_a_day(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task And_a_roll_is_no_error()
    {
        var shard = Streams.AddShard("shard-0");
        await using (Bench.Start(Streams))
        {
            for (var generation = 1; generation <= 8; generation++)
            {
                Streams.Write(shard, $"item-{generation}");
                shard = Streams.Split(shard, $"shard-{generation}")[0];
            }

            await Bench.NotedAsync(8);
        }

        (await Bench.NotedAsync()).ShouldBe(Enumerable.Range(1, 8).Select(generation => $"item-{generation}"));
        (await GapsAsync()).ShouldBe(0);
    }
}
