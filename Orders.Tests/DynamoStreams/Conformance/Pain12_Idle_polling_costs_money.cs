using Orders.Tests.DynamoStreams.Reading;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain12_Idle_polling_costs_money(ITestOutputHelper output)
{
    [Fact]
    public async Task An_idle_shard_is_asked_less_often_than_lambda_does()
    {
        var reading = new VirtualReading();
        reading.Streams.AddShard("shard-1");

        await reading.RunAsync(until: time => time.Elapsed > TimeSpan.FromHours(1));

        var calls = reading.Streams.CallsOf("GetRecords");
        output.WriteLine($"calls in an hour of an idle shard: {calls}");
        calls.ShouldBeLessThan(4 * 3600);
    }
}
