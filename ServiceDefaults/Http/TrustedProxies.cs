using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Settings;
using IPNetwork = System.Net.IPNetwork;

namespace Orders.ServiceDefaults.Http;

/// <summary>
/// The proxies whose <c>X-Forwarded-For</c> is believed, such as Orders.GraphQL in front of Orders.Query:
/// failed sign-ins are then counted against the client and not against the proxy. From any other address the
/// header is a claim of the client, and is not read.
/// </summary>
internal static class TrustedProxies
{
    private const string Name = "TrustedProxies";

    public static void AddTrustedProxies(this WebApplicationBuilder builder) => builder.Services.AddSettings(Read);

    public static void UseTrustedProxies(this WebApplication app) => app.Use(next =>
    {
        // Settings are read at the first request, since a wrong one is reported at the start.
        var middleware = new Lazy<ForwardedHeadersMiddleware?>(() => Make(app, next));
        return context => middleware.Value is { } reading ? reading.Invoke(context) : next(context);
    });

    private static ForwardedHeadersMiddleware? Make(WebApplication app, RequestDelegate next) =>
        app.Services.GetRequiredService<Trusted>().Networks is { Count: > 0 } networks
            ? new(next, app.Services.GetRequiredService<ILoggerFactory>(), Options.Create(OptionsFor(networks)))
            : null;

    private static ForwardedHeadersOptions OptionsFor(IReadOnlyList<IPNetwork> networks)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        // The platform believes loopback from the start.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        return options;
    }

    private static Trusted Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Orders:Http", settings =>
        new Trusted([.. (settings.Text(Name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => TryRead(text, out var network)
                ? network
                : settings.Refuse(Name, $"'{text}' is not an IP address or a network such as 10.0.4.0/24.", "Name the proxies that add the client's address to X-Forwarded-For, with commas between, or leave it out for none.", default(IPNetwork)))]));

    private static bool TryRead(string text, out IPNetwork network)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return IPNetwork.TryParse(text, out network);
        }

        network = new(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    internal sealed record Trusted(IReadOnlyList<IPNetwork> Networks);
}
