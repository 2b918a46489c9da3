using System.Text;
using DynamoStreams.Api;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact18_Starting_at_latest_loses_what_is_written_meanwhile(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task So_a_first_start_reads_what_was_written_before_it()
    {
        Streams.Write(Streams.AddShard("shard-1"), Items(20));

        await ConsumeAsync(20);

        (await Bench.NotedAsync()).ShouldBe(Items(20));
    }

    [Fact]
    public void And_latest_is_never_asked_for()
    {
        Encoding.UTF8.GetString(StreamsRequests.GetShardIterator("arn", "shard", afterSequenceNumber: null)).ShouldContain("\"ShardIteratorType\":\"TRIM_HORIZON\"");
        Encoding.UTF8.GetString(StreamsRequests.GetShardIterator("arn", "shard", "7")).ShouldContain("\"ShardIteratorType\":\"AFTER_SEQUENCE_NUMBER\"");
    }
}
