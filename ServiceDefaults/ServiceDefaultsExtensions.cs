using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults.Bodies;
using Orders.ServiceDefaults.CrossSite;
using Orders.ServiceDefaults.Docs;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Http;
using Orders.ServiceDefaults.OpenApi;
using Orders.ServiceDefaults.RateLimits;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.ServiceDefaults;

/// <summary>The common setup of all services.</summary>
public static class ServiceDefaultsExtensions
{
    // Orders.Local promises to end within 5 s of a signal. A load balancer drains longer than any request
    // takes.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    // More than all change streams and waiting requests together. One more is closed at once.
    private const long MaxConnections = 32 * 1024;

    /// <summary>
    /// Settles the <see cref="ProcessEnvironment"/> and adds settings checks, sign-in, problem details, rate
    /// limits, the 1 MiB body limit, health, telemetry, OpenAPI, service discovery and resilience for
    /// clients of <see cref="IHttpClientFactory"/>, and graceful shutdown. Never throws for a setting:
    /// errors are reported at the start. Settings from code must be in the configuration before.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="serviceName">The service's name in telemetry and OpenAPI, for example
    /// <c>orders-api</c>.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(serviceName);
        ProcessEnvironment.Settle();

        var services = builder.Services;
        builder.Configuration.Sources.Insert(0, QuietLogs());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new ServiceIdentity(serviceName));
        services.AddSettings((configuration, isDevelopment) => DrainSettings.Read(configuration, isDevelopment));
        services.AddSingleton<StartChecks>();
        services.AddHostedService(provider => provider.GetRequiredService<StartChecks>());
        services.AddHostedService<EndsWithAppHost>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyGuard.MaxBytesOnTheWire;
            kestrel.Limits.MaxRequestBufferSize = BodyGuard.MaxBytesReadAhead;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.RequestHeaderEncodingSelector = HeaderText.EncodingOf;
        });

        builder.AddProblems();
        builder.AddTrustedProxies();
        builder.AddForwardedPrefix();
        builder.AddCrossSite();
        builder.AddBodyBudget(http => http.FindCaller()?.KeyId);
        builder.AddSignIn();
        builder.AddRateLimits(http => http.FindCaller()?.KeyId);
        builder.AddDefaultHealthChecks();
        builder.ConfigureOpenTelemetry(serviceName);
        builder.AddHttpClientDefaults();
        builder.AddOpenApiDocument(serviceName);
        return builder;
    }

    /// <summary>
    /// Adds the middleware of <see cref="AddServiceDefaults"/>: problem details, a forwarded prefix,
    /// routing, sign-in, rate limits and the care of bodies. Call it before mapping endpoints.
    /// </summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseLastAnswers();
        app.UseSafeHeaders();
        app.UseProblems();
        app.UseTrustedProxies();
        app.UseAudit();
        app.UseHostGuard();
        app.UseCrossSiteGuard();
        app.UseForwardedPrefix();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseStartGate();
        app.UseBodyGuard();
        return app;
    }

    /// <summary>
    /// Maps <c>/health/live</c>, <c>/health/ready</c>, <c>/openapi/v1.json</c> and <c>/docs</c>. They need
    /// no key.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealth();
        app.MapOpenApiDocument();
        app.MapDocs();
        return app;
    }

    // Lowest in precedence, so that any Logging__ setting overrides it. An entry is one line. Lines for each
    // request and SQL statement are off, and ServiceRunner reports a failed start once.
    private static MemoryConfigurationSource QuietLogs() => new()
    {
        InitialData =
        [
            new("Logging:LogLevel:Microsoft.AspNetCore", nameof(LogLevel.Warning)),
            new("Logging:LogLevel:Npgsql", nameof(LogLevel.Warning)),
            new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", nameof(LogLevel.Critical)),
            new("Logging:Console:FormatterName", "simple"),
            new("Logging:Console:FormatterOptions:SingleLine", "true"),
        ],
    };
}
