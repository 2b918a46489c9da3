using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact09_An_empty_page_is_not_caught_up(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task What_comes_behind_many_of_them_is_read()
    {
        Streams.PageSize = 3;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, Items(10));
        shard.EmptyPages = 12;

        await ConsumeAsync(10);

        (await Bench.NotedAsync()).ShouldBe(Items(10));
    }
}
