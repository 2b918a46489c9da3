using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain08_A_restart_replays_a_whole_shard(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task It_goes_on_after_the_checkpoint()
    {
        Streams.PageSize = 1;
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, Items(50));
        await ConsumeAsync(50);
        Streams.Write(shard, "b");
        var before = Streams.CallsOf("GetRecords");

        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(51);

        (Streams.CallsOf("GetRecords") - before).ShouldBeLessThan(50);
        (await Bench.NotedAsync()).ShouldBe([.. Items(50), "b"]);
    }
}
