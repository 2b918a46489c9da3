using System.Diagnostics.Metrics;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain11_No_lag_metric(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task The_lag_is_a_metric_and_in_the_shards_row()
    {
        var measured = new List<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "orders.sync.lag")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
        {
            lock (measured)
            {
                measured.Add(seconds);
            }
        });
        listener.Start();

        await ApplyAsync(StreamRecords.Insert(SampleOrders.Placed()));

        measured.ShouldNotBeEmpty();
        (await Fixture.ScalarAsync<double>("SELECT extract(epoch FROM applied_at - last_change_at)::float8 FROM sync.shards WHERE shard_id = @ShardId", Lease)).ShouldBeGreaterThan(0);
    }
}
