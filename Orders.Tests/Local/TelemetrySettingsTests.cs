using Orders.Engines;
using Orders.Local.Run;
using Shouldly;
using Xunit;

namespace Orders.Tests.Local;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public async Task A_wrong_setting_is_one_line_that_names_it()
    {
        var engines = new EngineAddresses("Host=127.0.0.1;Port=1", null, "http://127.0.0.1:1");

        var failure = await Should.ThrowAsync<EngineException>(() =>
            Services.StartAsync(new LocalSettings(), "lake", engines, new Uri("ftp://collector"), new Progress<EngineStep>(), CancellationToken.None));

        failure.Message.ShouldStartWith("Telemetry does not start: OTEL_EXPORTER_OTLP_ENDPOINT: ");
        failure.Message.ShouldNotContain('\n');
    }
}
