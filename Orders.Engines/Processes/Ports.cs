using System.Net;
using System.Net.Sockets;

namespace Orders.Engines.Processes;

/// <summary>Loopback ports. The engines cannot choose a free port themselves.</summary>
internal static class Ports
{
    private const int Attempts = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Starts something on a free port. It tries another port if a different program took the first one
    /// meanwhile. It tries again a little later if something else of the engine is in use: the sessions of a
    /// killed Postgres hold its shared memory until they notice.
    /// </summary>
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
                // Postgres, Redis and dynoxide all say "address already in use" or "address in use";
                // Postgres also "memory block … is still in use".
            }

            await Task.Delay(Pause * attempt);
        }
    }

    /// <summary>
    /// Whether something listens on a loopback port, or this process may not use it. Both loopback addresses
    /// are checked: <c>localhost</c> means both, and clients try ::1 first.
    /// </summary>
    public static bool IsInUse(int port) =>
        FaultOf(IPAddress.Loopback, port) is not null || (Socket.OSSupportsIPv6 && FaultOf(IPAddress.IPv6Loopback, port) == SocketError.AddressAlreadyInUse);

    private static SocketError? FaultOf(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return null;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode;
        }
    }

    /// <summary>A port that nothing listens on now. Another program may take it before it is used.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
