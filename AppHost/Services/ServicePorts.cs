using System.Globalization;
using Microsoft.Extensions.Configuration;
using Orders.Engines;
using Orders.Engines.Processes;

namespace Orders.AppHost.Services;

/// <summary>The ports of the services.</summary>
internal static class ServicePorts
{
    private static readonly (string Service, int Port)[] Fixed = [("api", 8080), ("query", 8081), ("sync", 8082), ("graphql", 8083), ("warehouse", 8084)];

    /// <summary>The port of a service; null for any free one.</summary>
    /// <param name="configuration">May hold <c>name-port</c>.</param>
    /// <param name="service">The service's name in the model.</param>
    /// <param name="usual">The port when nothing is set.</param>
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

    // The dashboard's page, and the addresses where it receives telemetry and the state of resources. The
    // launch profile sets them as variables, which override those of the shell; arguments override both.
    private static readonly string[] Dashboard = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    private const string Page = "the dashboard";

    /// <summary>Checks that all ports are available, before anything is started.</summary>
    /// <param name="configuration">As for <see cref="Of"/>.</param>
    /// <exception cref="EngineException">A setting is not a port, or a port is in use or given
    /// twice.</exception>
    public static void Check(IConfiguration configuration)
    {
        // Aspire's own switch, for tests and for "aspire start --isolated": every port is then random.
        var areRandom = configuration.Flag("DcpPublisher:RandomizePorts") == true;
        var given = new Dictionary<int, string>();
        foreach (var (user, port, wayOut) in Wanted(configuration))
        {
            if (areRandom)
            {
                continue;
            }

            // The second one to use the port would wait for it forever.
            if (!given.TryAdd(port, user))
            {
                throw new EngineException($"{given[port]} and {user} are both given port {port}", $"{char.ToUpperInvariant(wayOut[0])}{wayOut[1..]}.");
            }

            if (Ports.IsInUse(port))
            {
                throw new EngineException($"Port {port} for {user} is in use", $"Stop what listens there{(user == Page ? " (another AppHost?)" : "")}, or {wayOut}.");
            }
        }
    }

    private static IEnumerable<(string User, int Port, string WayOut)> Wanted(IConfiguration configuration)
    {
        foreach (var (service, usual) in Fixed)
        {
            if (Of(configuration, service, usual) is { } port)
            {
                yield return (service, port, $"choose another with --{service}-port; 0 is any free one");
            }
        }

        foreach (var setting in Dashboard)
        {
            if (Uri.TryCreate(configuration[setting], UriKind.Absolute, out var address) && address is { IsLoopback: true, Port: > 0 })
            {
                yield return (Page, address.Port, $"choose another with --{setting}=http://localhost:<port>");
            }
        }
    }
}
