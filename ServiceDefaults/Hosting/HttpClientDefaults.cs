using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Service discovery and resilience for clients that come from <see cref="IHttpClientFactory"/>. The clients
/// of DynamoDB and its streams do not use the factory, and have their own retry rules.
/// </summary>
internal static class HttpClientDefaults
{
    public static void AddHttpClientDefaults(this WebApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
    }
}
