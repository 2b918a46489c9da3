using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact08_A_shard_filter_finds_the_children(ConsumerBench bench) : StreamConformance(bench)
{
    [Theory]
    [InlineData("Answers")]
    [InlineData("Ignores")]
    [InlineData("Refuses")]
    public async Task And_where_it_is_unknown_the_full_listing_does(string filter)
    {
        Streams.Filter = Enum.Parse<FilterSupport>(filter);
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams, change: options => options with { ListInterval = TimeSpan.FromHours(1) });
        await Bench.NotedAsync(1);

        Streams.Write(Streams.Split(shard, "shard-2", "shard-3")[1], "b");

        await Bench.NotedAsync(2);
        Streams.CallsOf("DescribeChildren").ShouldBe(1);
        if (Streams.Filter != FilterSupport.Refuses)
        {
            Streams.CallsOf("ListStreams").ShouldBe(1, "no full listing was needed");
        }
    }
}
