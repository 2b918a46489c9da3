using System.Globalization;
using Microsoft.Extensions.Configuration;
using Orders.Engines;
using Orders.Engines.Processes;

namespace Orders.AppHost.Services;

/// <summary>On which ports the services listen.</summary>
internal static class ServicePorts
{
    private static readonly (string Service, int Port)[] Fixed = [("api", 8080), ("query", 8081), ("sync", 8082), ("graphql", 8083)];

    /// <summary>The port of a service; null for any free one.</summary>
    /// <param name="configuration">May hold <c>name-port</c>.</param>
    /// <param name="service">The service's name in the model.</param>
    /// <param name="usual">Where it listens when nothing is set.</param>
    /// <exception cref="EngineException">The setting is not a port.</exception>
    public static int? Of(IConfiguration configuration, string service, int? usual)
    {
        var text = configuration[$"{service}-port"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return usual;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= ushort.MaxValue
            ? port == 0 ? null : port
            : throw new EngineException($"--{service}-port: '{text}' is not a port", "Give a number from 0 to 65535; 0 is any free one.");
    }

    // The page, and where it is sent telemetry and the state of resources: set by the launch profile.
    private static readonly string[] Dashboard = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <summary>Looks whether all of them can be had, before anything is started.</summary>
    /// <param name="configuration">As for <see cref="Of"/>.</param>
    /// <exception cref="EngineException">A setting is not a port, or one is in use.</exception>
    public static void Check(IConfiguration configuration)
    {
        // Aspire's own switch, for tests and for "aspire start --isolated": every port is then any free one.
        var areRandom = configuration.Flag("DcpPublisher:RandomizePorts") == true;
        foreach (var (service, usual) in Fixed)
        {
            if (Of(configuration, service, usual) is { } port && !areRandom && Ports.IsInUse(port))
            {
                throw new EngineException($"Port {port} for {service} is in use", $"Stop what listens there, or choose another with --{service}-port; 0 is any free one.");
            }
        }

        foreach (var setting in Dashboard)
        {
            if (!areRandom && Uri.TryCreate(configuration[setting], UriKind.Absolute, out var address) && address is { IsLoopback: true, Port: > 0 } && Ports.IsInUse(address.Port))
            {
                throw new EngineException($"Port {address.Port} for the dashboard is in use", $"Stop what listens there (another AppHost?), or name another address in {setting}.");
            }
        }
    }
}
