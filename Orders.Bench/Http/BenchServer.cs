using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Engines;
using Orders.Local.Run;

namespace Orders.Bench.Http;

/// <summary>A web application on a free loopback port.</summary>
internal sealed class BenchServer(WebApplication app) : IAsyncDisposable
{
    public WebApplication App => app;

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>One of our services, without an effective rate limit.</summary>
    public static BenchServer OfService(
        Func<WebApplicationOptions, IReadOnlyDictionary<string, string?>?, WebApplication> build, EngineAddresses addresses, string table = ServiceSettings.Table)
    {
        var settings = ServiceSettings.From(new(), lake: "", addresses, collector: null);
        settings["urls"] = "http://127.0.0.1:0";
        settings["Orders:Table"] = table;
        settings["Orders:RateLimit:PerSecond"] = settings["Orders:RateLimit:Burst"] = "1000000000";
        return new(build(new() { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }, settings));
    }

    /// <summary>An empty server.</summary>
    public static BenchServer Bare()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        return new(builder.Build());
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
