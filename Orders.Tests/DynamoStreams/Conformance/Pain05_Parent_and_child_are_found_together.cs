using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain05_Parent_and_child_are_found_together(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task The_child_starts_at_its_beginning_and_after_the_parent()
    {
        Streams.PageSize = 1;
        var parent = Streams.AddShard("shard-5");
        Streams.Write(parent, "a", "b");
        parent.EmptyPages = 50;
        var child = Streams.Split(parent, "shard-3")[0];
        Streams.Write(child, "c", "d");
        Streams.Write(Streams.Split(child, "shard-1")[0], "e");

        await ConsumeAsync(5);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c", "d", "e"]);
    }
}
