using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain06_The_tail_of_a_closed_shard_is_lost(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task What_was_written_before_it_closed_is_read_after_a_restart_too()
    {
        Streams.PageSize = 2;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);
        Streams.Write(shard, "b", "c", "d");
        Streams.Write(Streams.Split(shard, "shard-2")[0], "e");

        await ConsumeAsync(5);

        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c", "d", "e"]);
        (await GapsAsync()).ShouldBe(0);
    }
}
