using System.Net;
using Amazon.Runtime;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// The HTTP clients of the SDK. They buffer a response and check that DynamoDB may have sent it. The SDK
/// would read an empty or foreign body as a response without members, which looks like a successful write or
/// a missing item.
/// </summary>
internal sealed class DynamoDbHttpClients : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var sockets = new SocketsHttpHandler
        {
            // DynamoDB never redirects, and following a redirect would send a call twice.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // Limits the life of connections, so that DNS changes are seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        return new(new DynamoDbAnswers { InnerHandler = sockets }) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }
}
