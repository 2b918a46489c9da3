using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    public static void ConfigureOpenTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        builder.Services.AddSingleton<ISettingsCheck, TelemetryCheck>();
        if (TelemetrySettings.TryRead(builder.Configuration) is not { } settings)
        {
            return;
        }

        var telemetry = builder.Services.AddOpenTelemetry().ForService(serviceName).AddLogs(settings);
        if (builder.Configuration[TelemetryHost.OwnedByProcessSetting]?.Equals("true", StringComparison.OrdinalIgnoreCase) != true)
        {
            telemetry.AddTraces(settings, builder.Configuration).AddMetrics(settings);
        }

        if (settings.Traces is not null)
        {
            RedisTracing.AddTo(builder.Services);
        }

        builder.Services.AddHostedService<LastExport>();
    }
}
