using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Orders.ServiceDefaults;

/// <summary>
/// Where one signal goes, by the variables of https://opentelemetry.io/docs/specs/otel/protocol/exporter/. Read here because the SDK's own
/// reading turns every signal on at once, and a service must export nothing that nobody asked for.
/// </summary>
internal sealed record OtlpSettings(Uri Endpoint, OtlpExportProtocol Protocol, string? Headers, int TimeoutMilliseconds)
{
    public const string Traces = "TRACES";
    public const string Metrics = "METRICS";
    public const string Logs = "LOGS";

    private const int DefaultTimeoutMilliseconds = 10_000;

    /// <summary>Null when the signal is not exported.</summary>
    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static OtlpSettings? Read(IConfiguration configuration, string signal)
    {
        if (Text($"OTEL_SDK_DISABLED")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true || Text($"OTEL_{signal}_EXPORTER") == "none")
        {
            return null;
        }

        var ownEndpoint = Text($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
        var endpointName = ownEndpoint is null ? "OTEL_EXPORTER_OTLP_ENDPOINT" : $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        if ((ownEndpoint ?? Text(endpointName)) is not { } address)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            throw new SettingsException(endpointName, "It is not an http or https address.", "Correct it, for example http://localhost:4317, or leave it out.");
        }

        var (protocolName, protocolText) = Either("PROTOCOL");
        var protocol = protocolText switch
        {
            null or "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => throw new SettingsException(protocolName, $"'{protocolText}' is no protocol.", "Protocols are grpc and http/protobuf."),
        };
        // Over HTTP the general address is the collector's root; an address for one signal is complete.
        if (protocol == OtlpExportProtocol.HttpProtobuf && ownEndpoint is null)
        {
            endpoint = new Uri($"{address.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}");
        }

        var (timeoutName, timeoutText) = Either("TIMEOUT");
        var timeout = DefaultTimeoutMilliseconds;
        if (timeoutText is not null && (!int.TryParse(timeoutText, CultureInfo.InvariantCulture, out timeout) || timeout <= 0))
        {
            throw new SettingsException(timeoutName, $"'{timeoutText}' is not a number of milliseconds.", "Correct it or leave it out for 10000.");
        }

        return new(endpoint, protocol, Either("HEADERS").Text, timeout);

        (string Name, string? Text) Either(string what) =>
            Text($"OTEL_EXPORTER_OTLP_{signal}_{what}") is { } own
                ? ($"OTEL_EXPORTER_OTLP_{signal}_{what}", own)
                : ($"OTEL_EXPORTER_OTLP_{what}", Text($"OTEL_EXPORTER_OTLP_{what}"));

        string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }

    public void Apply(OtlpExporterOptions options)
    {
        options.Endpoint = Endpoint;
        options.Protocol = Protocol;
        options.Headers = Headers;
        options.TimeoutMilliseconds = TimeoutMilliseconds;
    }
}
