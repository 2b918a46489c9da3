using System.Net.Http.Headers;

namespace Orders.AppHost.Commands;

/// <summary>An HTTP client of one of the services, like any other client.</summary>
internal static class ServiceClient
{
    /// <summary>The default key for local use. A service outside Development rejects it.</summary>
    public static readonly AuthenticationHeaderValue LocalKey = new("Basic", Convert.ToBase64String("foo:bar"u8));

    /// <summary>
    /// Creates a client without spans of its own: a trace begins where a real client's request would reach
    /// the system.
    /// </summary>
    /// <param name="service">The running service.</param>
    public static HttpClient To(EndpointReference service)
    {
        var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(service.Url) };
        client.DefaultRequestHeaders.Authorization = LocalKey;
        // Operations refuse what a form of a foreign page could have sent.
        client.DefaultRequestHeaders.Add("X-Requested-With", "apphost");
        return client;
    }
}
