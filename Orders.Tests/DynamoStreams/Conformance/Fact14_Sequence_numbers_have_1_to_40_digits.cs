using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact14_Sequence_numbers_have_1_to_40_digits(ConsumerBench bench) : StreamConformance(bench)
{
    [Theory]
    [InlineData("9", "10", "11")]
    [InlineData("99999999999999999999999999999999999999", "9100000000000000000000000000000000000000", "9100000000000000000000000000000000000001")]
    public async Task And_are_taken_as_they_are(string first, string second, string third)
    {
        Streams.PageSize = 1;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, ScriptedStreams.Record(first, "a"));
        await ConsumeAsync(1);
        Streams.Write(shard, ScriptedStreams.Record(second, "b"), ScriptedStreams.Record(third, "c"));

        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await Bench.ScalarAsync<string>("SELECT checkpoint FROM sync.shards")).ShouldBe(third);
    }

    [Fact]
    public async Task And_are_compared_as_numbers()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, ScriptedStreams.Record("9", "a"), ScriptedStreams.Record("10", "b"));
        await ConsumeAsync(2);

        // The oldest record is asked whether the answer can be true: 9 comes before 10.
        shard.FalseTrims = 12;
        Streams.Write(shard, ScriptedStreams.Record("11", "c"));
        await ConsumeAsync(3);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
        (await GapsAsync()).ShouldBe(0);
    }
}
