using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class TemporalityTests
{
    // In protobuf: the field "as_int" of a data point, eight bytes, the lowest first.
    private const char AsInteger = '\x31';

    // CloudWatch adds up what it is sent: a running total would be added up again and again.
    [Fact]
    public async Task A_collector_that_wants_differences_is_sent_differences()
    {
        var mark = $"mark-{Guid.CreateVersion7():N}";
        await using var receiver = await OtlpReceiver.StartAsync();
        using var telemetry = TelemetryHost.Start(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] = "delta",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            }).Build(),
            "orders-test");
        var counter = Telemetry.Meter.CreateCounter<long>(mark);

        counter.Add(7_000_000_005);
        await receiver.UntilAsync("/v1/metrics", Number(7_000_000_005));
        counter.Add(9_000_000_007);
        var exports = await receiver.UntilAsync("/v1/metrics", Number(9_000_000_007));

        exports[^1].Body.ShouldContain(mark);
    }

    private static string Number(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return AsInteger + Encoding.Latin1.GetString(bytes);
    }
}
