using Orders.Tests.DynamoStreams.Reading;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain13_A_fixed_sleep_after_a_full_page
{
    [Fact]
    public async Task While_records_come_nothing_is_waited_for()
    {
        var reading = new VirtualReading();
        reading.Streams.PageSize = 10;
        reading.Streams.Write(reading.Streams.AddShard("shard-1"), [.. Enumerable.Range(0, 1000).Select(i => $"item-{i}")]);

        await reading.RunAsync(until: _ => reading.Records == 1000);

        reading.ElapsedAtLastRecord.ShouldBe(TimeSpan.Zero);
    }
}
