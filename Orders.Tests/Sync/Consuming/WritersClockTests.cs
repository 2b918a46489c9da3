using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// The lag is how far behind we are. A writer's clock that is off is told by a metric of its own.
/// </summary>
public sealed class WritersClockTests(TestEngines engines)
{
    [Theory]
    [InlineData("2019-05-06T07:08:09.123Z", "behind")]
    [InlineData("2099-05-06T07:08:09.123Z", "ahead")]
    public async Task A_writers_time_is_in_no_lag(string updatedAt, string direction)
    {
        var time = DateTimeOffset.Parse(updatedAt, System.Globalization.CultureInfo.InvariantCulture);
        var offsets = new ConcurrentBag<(double Seconds, object? Direction)>();
        using var listener = Listen(offsets);
        await using var system = await TroubledSystem.StartAsync(engines);

        var order = await system.PutAsync(time);
        await Eventually.HoldsAsync(() => system.IsReadableAsync(order));
        var words = await system.WordsAsync();
        await system.CurrentAsync();

        words.Where(word => word.Seconds is not null).ShouldAllBe(word => word.Seconds >= 0 && word.Seconds < 60);
        (await system.StatusAsync()).Shards.ShouldAllBe(shard => shard.LagSeconds >= 0 && shard.LagSeconds < 60);
        var off = Math.Abs((time - TimeProvider.System.GetUtcNow()).TotalSeconds);
        offsets.ShouldContain(offset => Equals(offset.Direction, direction) && Math.Abs(offset.Seconds - off) < 3_600);
    }

    private static MeterListener Listen(ConcurrentBag<(double Seconds, object? Direction)> offsets)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "orders.sync.writer_clock.offset")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => offsets.Add((value, tags[0].Value)));
        listener.Start();
        return listener;
    }
}
