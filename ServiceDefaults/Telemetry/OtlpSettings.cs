using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// The export settings of one signal, from the variables of
/// https://opentelemetry.io/docs/specs/otel/protocol/exporter/. Read here because the SDK would enable all
/// signals at once, and a service must export only configured signals.
/// </summary>
internal sealed record OtlpSettings(Uri Endpoint, OtlpExportProtocol Protocol, string? Headers, int TimeoutMilliseconds)
{
    public const string Traces = "TRACES";
    public const string Metrics = "METRICS";
    public const string Logs = "LOGS";

    private const int DefaultTimeoutMilliseconds = 10_000;

    /// <summary>Null when the signal is not exported.</summary>
    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static OtlpSettings? Read(IConfiguration configuration, string signal) =>
        ConfigurationReader.Read(configuration, section: "", settings => Read(settings, signal));

    internal static OtlpSettings? Read(ConfigurationReader settings, string signal)
    {
        if (settings.Text("OTEL_SDK_DISABLED")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true || settings.Text($"OTEL_{signal}_EXPORTER") == "none")
        {
            return null;
        }

        var own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        var isOwn = settings.Text(own) is not null;
        var endpoint = settings.Address(isOwn ? own : "OTEL_EXPORTER_OTLP_ENDPOINT", "Correct it, for example http://localhost:4317, or leave it out.");
        if (endpoint is null)
        {
            return null;
        }

        var (protocolName, protocolText) = Either("PROTOCOL");
        var protocol = protocolText switch
        {
            null or "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => settings.Refuse(protocolName, $"'{protocolText}' is no protocol.", "Protocols are grpc and http/protobuf.", OtlpExportProtocol.Grpc),
        };
        // Over HTTP the general address is the collector's root; the address of a signal is complete.
        if (protocol == OtlpExportProtocol.HttpProtobuf && !isOwn)
        {
            endpoint = new Uri($"{endpoint.OriginalString.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}");
        }

        var (timeoutName, timeoutText) = Either("TIMEOUT");
        var timeout = DefaultTimeoutMilliseconds;
        if (timeoutText is not null && (!int.TryParse(timeoutText, CultureInfo.InvariantCulture, out timeout) || timeout <= 0))
        {
            settings.Refuse(timeoutName, $"'{timeoutText}' is not a number of milliseconds.", "Correct it or leave it out for 10000.", timeout);
        }

        return new(endpoint, protocol, Either("HEADERS").Text, timeout);

        (string Name, string? Text) Either(string what) =>
            settings.Text($"OTEL_EXPORTER_OTLP_{signal}_{what}") is { } text
                ? ($"OTEL_EXPORTER_OTLP_{signal}_{what}", text)
                : ($"OTEL_EXPORTER_OTLP_{what}", settings.Text($"OTEL_EXPORTER_OTLP_{what}"));
    }

    public void Apply(OtlpExporterOptions options)
    {
        options.Endpoint = Endpoint;
        options.Protocol = Protocol;
        options.Headers = Headers;
        options.TimeoutMilliseconds = TimeoutMilliseconds;
    }
}
