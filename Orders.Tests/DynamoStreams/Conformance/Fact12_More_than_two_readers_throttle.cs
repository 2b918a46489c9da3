using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact12_More_than_two_readers_throttle(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task A_shard_has_one_reader_among_all_instances()
    {
        var shard = Streams.AddShard("shard-1");
        var apis = Enumerable.Range(0, 4).Select(_ => new CountingApi(Streams)).ToList();
        var consumers = apis.ConvertAll(api => Bench.Start(api, Bench.Handler(), ConsumerBench.Options()));
        Streams.Write(shard, Items(100));
        await Bench.NotedAsync(100);
        foreach (var consumer in consumers)
        {
            consumer.Consumer.Progress.ShardsHeld.ShouldBeLessThanOrEqualTo(1);
        }

        apis.Count(api => api.Reads > 0).ShouldBe(1);
        foreach (var consumer in consumers)
        {
            await consumer.DisposeAsync();
        }
    }
}
