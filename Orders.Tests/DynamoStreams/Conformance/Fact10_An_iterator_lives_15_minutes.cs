using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact10_An_iterator_lives_15_minutes(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task Then_reading_goes_on_after_the_last_record()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a", "b");
        await using var consumer = Bench.Start(Streams);
        await Bench.NotedAsync(2);

        Streams.ExpireIterators();
        Streams.Write(shard, "c");

        await Bench.NotedAsync(3);
        (await Bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task And_from_the_original_start_when_none_was_read_never_from_the_latest()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a", "b");
        Streams.Fail("GetRecords", StreamsFailure.ExpiredIterator, 3);

        await ConsumeAsync(2);

        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
    }
}
