using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Orders.ServiceDefaults;

internal static class TelemetrySetup
{
    // The platform gives its request spans the method, path and host only when this switch, on by default in .NET 10, is off.
    private const string NoSpanTagsSwitch = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    public static void AddTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        AppContext.SetSwitch(NoSpanTagsSwitch, false);
        if (builder.Configuration[TelemetryHost.OwnedByProcessSetting]?.Equals("true", StringComparison.OrdinalIgnoreCase) != true)
        {
            builder.Services.AddSingleton(services => TelemetryHost.Start(services.GetRequiredService<IConfiguration>(), serviceName));
            builder.Services.AddSingleton<IStartCheck, ResolvesAtStart<TelemetryHost>>();
        }
        if (ReadLogs(builder.Configuration) is { } otlp)
            builder.ExportLogs(otlp, serviceName);
    }

    public static void UseTelemetry(this WebApplication app)
    {
        var service = app.Services.GetRequiredService<ServiceIdentity>().Name;
        app.Use((context, next) => RequestSpan.Of(context) is { } span ? RequestSpan.RunAsync(span, service, context, next) : next(context));
    }

    private static void ExportLogs(this WebApplicationBuilder builder, OtlpSettings otlp, string serviceName)
    {
        builder.Services.AddHostedService<LastLogs>();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            var resource = ResourceBuilder.CreateDefault();
            TelemetryResource.Describe(resource, builder.Configuration, serviceName);
            logs.SetResourceBuilder(resource);
            logs.IncludeScopes = true;
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter(otlp.Apply);
        });
    }

    // Logging is set up before the start checks run; what is wrong with a setting is told by theirs.
    private static OtlpSettings? ReadLogs(IConfiguration configuration)
    {
        try
        {
            return OtlpSettings.Read(configuration, OtlpSettings.Logs);
        }
        catch (SettingsException)
        {
            return null;
        }
    }
}
