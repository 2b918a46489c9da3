using System.Net;
using Amazon.Runtime;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// The HTTP clients of the SDK. They read an answer whole and hand on only what DynamoDB may have sent: the
/// SDK takes an empty or a strange body for an answer without members, which is what a write's success looks
/// like, and an item that is not there.
/// </summary>
internal sealed class DynamoDbHttpClients : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var sockets = new SocketsHttpHandler
        {
            // DynamoDB sends nobody elsewhere, and a call that is sent on is a call that is sent twice.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // Names are looked up anew, as when the service moves.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        return new(new DynamoDbAnswers { InnerHandler = sockets }) { Timeout = clientConfig.Timeout ?? Timeout.InfiniteTimeSpan };
    }
}
