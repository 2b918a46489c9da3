using Orders.Engines;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Local.Run;

/// <summary>The settings of the services for these engines, with the same names as everywhere.</summary>
internal static class ServiceSettings
{
    public const string Table = "orders";

    public static Dictionary<string, string?> From(LocalSettings settings, string lake, EngineAddresses engines, Uri? collector)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ConnectionStrings:orders"] = engines.Postgres,
            ["ConnectionStrings:redis"] = engines.Redis,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = engines.DynamoDb,
            ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = engines.DynamoDb,
            ["AWS_REGION"] = "us-east-1",
            // The emulator accepts any credentials. The user's own are not sent to it, because it would
            // write them to its log.
            ["AWS_ACCESS_KEY_ID"] = "local",
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_PROFILE"] = null,
            ["Orders:Table"] = Table,
            ["Orders:Warehouse:Lake"] = lake,
            [TelemetryHost.OwnedByProcessSetting] = "true",
            ["Logging:LogLevel:Default"] = settings.Verbose ? "Information" : "Warning",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
            // This program reports a failed start once; the host need not.
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
