using System.Net;
using System.Net.Sockets;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Takes connections and never says a word, as a stopped process or a lost network does.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    // The system completes connections of the backlog by itself: nobody needs to accept them.
    public SilentServer() => _listener.Start(backlog: 100);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();
}
