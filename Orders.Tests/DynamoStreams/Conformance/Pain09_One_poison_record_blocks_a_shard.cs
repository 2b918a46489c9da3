using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain09_One_poison_record_blocks_a_shard(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task It_is_set_aside_and_the_ones_around_it_arrive()
    {
        Streams.Write(Streams.AddShard("shard-1"), Items(50));
        var handler = Bench.Handler();
        handler.Poison["item-031"] = new InvalidOperationException("will never do");

        await using (Bench.Start(Streams, handler))
        {
            await Bench.NotedAsync(49);
        }

        (await Bench.NotedAsync()).ShouldBe(Items(50).Where(item => item != "item-031"));
        (await Bench.NotedAsync("set aside")).ShouldBe(["item-031"]);
    }
}
