using Orders.Engines;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Local.Run;

/// <summary>The settings of the services on these engines, by the names that they have everywhere.</summary>
internal static class ServiceSettings
{
    public const string Table = "orders";

    public static Dictionary<string, string?> From(LocalSettings settings, EngineAddresses engines, Uri? collector)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ConnectionStrings:orders"] = engines.Postgres,
            ["ConnectionStrings:redis"] = engines.Redis,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = engines.DynamoDb,
            ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = engines.DynamoDb,
            ["AWS_REGION"] = "us-east-1",
            // The emulator takes any credentials; the user's own, which it would write to its log, are kept
            // from it.
            ["AWS_ACCESS_KEY_ID"] = "local",
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_PROFILE"] = null,
            ["Orders:Table"] = Table,
            [TelemetryHost.OwnedByProcessSetting] = "true",
            ["Logging:LogLevel:Default"] = settings.Verbose ? "Information" : "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
            // A failed start is told once, by us.
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = settings.Verbose ? "Error" : "None",
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
        };
        if (collector is not null)
        {
            all["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.AbsoluteUri;
            all["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        }

        return all;
    }
}
