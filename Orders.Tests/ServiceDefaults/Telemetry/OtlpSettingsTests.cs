using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class OtlpSettingsTests
{
    [Fact]
    public void Nothing_is_exported_that_nobody_asked_for() => Read(OtlpSettings.Traces).ShouldBeNull();

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public void A_signal_can_be_turned_off(string name, string value) =>
        Read(OtlpSettings.Traces, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), (name, value)).ShouldBeNull();

    [Fact]
    public void Grpc_is_the_default_and_takes_the_address_as_it_is()
    {
        var settings = Read(OtlpSettings.Metrics, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317")).ShouldNotBeNull();

        settings.ShouldBe(new OtlpSettings(new("http://c:4317"), OtlpExportProtocol.Grpc, null, 10_000));
    }

    [Theory]
    [InlineData("http://c:4318")]
    [InlineData("http://c:4318/")]
    public void Over_http_the_general_address_is_the_root(string address) =>
        Read(OtlpSettings.Logs, ("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"))!
            .Endpoint.AbsoluteUri.ShouldBe("http://c:4318/v1/logs");

    [Fact]
    public void A_signals_own_settings_win()
    {
        var settings = Read(
            OtlpSettings.Traces,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=b"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t:1/x"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "c=d"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "500"));

        settings.ShouldBe(new OtlpSettings(new("http://t:1/x"), OtlpExportProtocol.HttpProtobuf, "c=d", 500));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "c:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    public void What_cannot_be_understood_is_named(string name, string value) =>
        Should.Throw<SettingsException>(() => Read(OtlpSettings.Traces, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317"), (name, value))).Setting.ShouldBe(name);

    private static OtlpSettings? Read(string signal, params (string Name, string Value)[] settings) =>
        OtlpSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, string? (pair) => pair.Value)).Build(), signal);
}
