using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact04_A_parent_is_read_before_its_children(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task To_its_end_and_only_then_they()
    {
        Streams.PageSize = 1;
        var parent = Streams.AddShard("shard-9");
        Streams.Write(parent, "a", "b", "c");
        parent.EmptyPages = 50;
        var children = Streams.Split(parent, "shard-2", "shard-3");
        Streams.Write(children[0], "d");
        Streams.Write(children[1], "e");

        await ConsumeAsync(5);

        (await Bench.NotedAsync()).Take(3).ShouldBe(["a", "b", "c"]);
        (await Bench.NotedAsync()).Skip(3).ShouldBe(["d", "e"], ignoreOrder: true);
    }

    [Fact]
    public async Task Also_when_two_shards_merge()
    {
        var parent = Streams.AddShard("shard-1");
        var other = Streams.AddShard("shard-2");
        Streams.Write(parent, "a", "b");
        parent.EmptyPages = 50;
        Streams.Write(other, "c");
        Streams.Write(Streams.Merge(parent, other, "shard-3"), "d");

        await ConsumeAsync(4);

        (await Bench.NotedAsync()).ToList().IndexOf("d").ShouldBeGreaterThan((await Bench.NotedAsync()).ToList().IndexOf("b"));
    }
}
