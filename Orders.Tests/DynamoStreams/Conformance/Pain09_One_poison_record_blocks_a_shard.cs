using DynamoStreams.Testing;
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

    [Fact]
    public async Task One_that_cannot_even_be_decoded_is_too()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, Items(50));
        Garble(shard, 0, 10, 11, 49);

        await using (Bench.Start(Streams))
        {
            await Bench.NotedAsync(46);
            await Eventually.HoldsAsync(async () => (await Bench.NotedAsync("set aside")).Count == 4);
        }

        (await Bench.NotedAsync()).ShouldBe(Items(50).Where(item => item is not ("item-000" or "item-010" or "item-011" or "item-049")));
        (await Bench.NotedAsync("set aside")).ShouldBe(["item-000", "item-010", "item-011", "item-049"]);
    }

    [Fact]
    public async Task One_that_is_garbled_for_a_while_is_not()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, Items(5));
        var sound = shard.Records[2];
        Garble(shard, 2);

        await using (Bench.Start(Streams))
        {
            // What is before it is not held up.
            await Bench.NotedAsync(2);
            var asked = Streams.CallsOf("GetRecords");
            await Eventually.HoldsAsync(() => Task.FromResult(Streams.CallsOf("GetRecords") >= asked + 2));
            shard.Written[2] = sound;
            await Bench.NotedAsync(5);
        }

        (await Bench.NotedAsync()).ShouldBe(Items(5));
        (await Bench.NotedAsync("set aside")).ShouldBeEmpty();
    }

    private static void Garble(ScriptedShard shard, params ReadOnlySpan<int> records)
    {
        foreach (var at in records)
        {
            shard.Written[at] = shard.Records[at] with { Undecodable = "eventName is not there" };
        }
    }
}
