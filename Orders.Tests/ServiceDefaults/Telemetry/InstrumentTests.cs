using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orders.Query.Metrics;
using Orders.ServiceDefaults.Telemetry;
using Orders.Sync;
using Orders.Sync.Projection;
using Orders.Sync.Status;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed partial class InstrumentTests
{
    [Fact]
    public async Task Every_instrument_has_a_unit_and_a_description_and_every_histogram_its_buckets()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                lock (instruments)
                {
                    // Other tests make some of their own.
                    if (instrument.Meter.Name == Telemetry.Name && instrument.Name.StartsWith("orders.", StringComparison.Ordinal))
                    {
                        instruments.Add(instrument);
                    }
                }
            },
        };
        listener.Start();
        await using var sync = SyncHost.Build(
            new() { EnvironmentName = "Development" },
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1", ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:1" });
        _ = sync.Services.GetRequiredService<SyncMetrics>();
        _ = sync.Services.GetRequiredService<Backlog>();
        _ = QueryMetrics.Waiters;

        lock (instruments)
        {
            instruments.ShouldNotBeEmpty();
            foreach (var instrument in instruments)
            {
                instrument.Unit.ShouldNotBeNull(instrument.Name);
                Unit().IsMatch(instrument.Unit).ShouldBeTrue($"{instrument.Name}: {instrument.Unit}");
                instrument.Description.ShouldNotBeNullOrWhiteSpace(instrument.Name);
                if (instrument is Histogram<double> durations)
                {
                    durations.Advice.ShouldNotBeNull(instrument.Name).HistogramBucketBoundaries.ShouldNotBeNull();
                }

                if (instrument is Histogram<int> sizes)
                {
                    sizes.Advice.ShouldNotBeNull(instrument.Name).HistogramBucketBoundaries.ShouldNotBeNull();
                }
            }
        }
    }

    // Of UCUM: seconds, bytes, a ratio, or what is counted as an annotation
    // (https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units).
    [GeneratedRegex(@"^(s|By|1|\{[a-z_]+\})$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Unit();
}
