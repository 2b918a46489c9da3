using System.Net;
using System.Net.Sockets;

namespace Orders.Local.Engines;

/// <summary>Free loopback ports for engines, which cannot be asked to choose one themselves.</summary>
internal static class Ports
{
    private const int Attempts = 3;

    /// <summary>Starts something on a free port, with another one when a stranger took it in the moment between.</summary>
    public static async Task<T> WithFreeAsync<T>(Func<int, Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start(Free());
            }
            catch (EngineException failure) when (attempt < Attempts && failure.Details.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                // Postgres, Redis and dynoxide all say "address already in use" or "address in use".
            }
        }
    }

    private static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
