using System.Net.Http.Headers;

namespace Orders.AppHost.Commands;

/// <summary>A client of one of the services, as anyone could be.</summary>
internal static class ServiceClient
{
    /// <summary>The local default key. A service outside Development refuses it.</summary>
    public static readonly AuthenticationHeaderValue LocalKey = new("Basic", Convert.ToBase64String("foo:bar"u8));

    /// <summary>
    /// Makes one. No spans of its own: a trace begins where a real client's request would reach the system.
    /// </summary>
    /// <param name="service">The service, running.</param>
    public static HttpClient To(EndpointReference service)
    {
        var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(service.Url) };
        client.DefaultRequestHeaders.Authorization = LocalKey;
        return client;
    }
}
