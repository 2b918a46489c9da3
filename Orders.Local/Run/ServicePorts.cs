using Orders.Engines;
using Orders.Engines.Processes;
using Orders.Local.Gateway;

namespace Orders.Local.Run;

/// <summary>Checks that the services' ports are free before any engine is started.</summary>
internal static class ServicePorts
{
    /// <exception cref="EngineException">One is in use, or two services have the same port.</exception>
    public static void Check(LocalSettings settings)
    {
        (string Service, int Port, string Option)[] ports =
        [
            ("Orders.Api", settings.ApiPort, "--api-port"),
            ("Orders.Query", settings.QueryPort, "--query-port"),
            ("Orders.Sync", settings.SyncPort, "--sync-port"),
            (GatewayProgram.Name, settings.GraphQLPort, "--graphql-port"),
            ("Orders.Warehouse", settings.WarehousePort, "--warehouse-port"),
        ];
        foreach (var (service, port, option) in ports.Where(one => one.Port != 0))
        {
            if (ports.FirstOrDefault(other => other.Port == port && other.Service != service) is { Service: not null } twin)
            {
                throw new EngineException($"{service} and {twin.Service} are both given port {port}", $"Choose another with {option}; 0 is any free one.");
            }

            if (Ports.IsInUse(port))
            {
                throw InUse(service, port, option);
            }
        }
    }

    public static EngineException InUse(string service, int port, string option, Exception? cause = null) =>
        new($"Port {port} for {service} is in use", $"Stop what listens there, or choose another with {option}; 0 is any free one.", inner: cause);
}
