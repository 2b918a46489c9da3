using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain02_An_expired_iterator_loops_for_ever(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task Another_is_taken_each_time_until_one_is_good()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(1);

        Streams.Fail("GetRecords", StreamsFailure.ExpiredIterator, 10);
        Streams.Write(shard, "b");

        await Bench.NotedAsync(2);
        Streams.CallsOf("GetShardIterator").ShouldBeGreaterThanOrEqualTo(10);
    }
}
