using System.Net;
using System.Net.Sockets;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Batch;

public sealed class SlowReaderTests(TestEngines engines)
{
    private const string Order = """{"merchant_id":"m","amount":1,"currency":"INR"}""";

    [Fact]
    public async Task A_client_that_does_not_read_its_answers_keeps_nobody_from_the_store()
    {
        await using var api = await ApiService.StartAsync(await engines.CreateStoresAsync(), ("Orders:Store:InFlight", "1"));
        using var slow = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = api.Address };
        slow.DefaultRequestHeaders.Authorization = api.Client.DefaultRequestHeaders.Authorization;
        // As many errors as a line is answered with: more than all buffers on the way hold.
        var wrong = $$"""{"items":[{{string.Join(',', Enumerable.Repeat("{}", 34))}}]}""";
        using var batch = ApiService.Post(string.Join('\n', [Order, .. Enumerable.Repeat(wrong, 999)]), path: "/v1/orders/batch", mediaType: "application/x-ndjson");

        using var unread = await slow.SendAsync(batch, HttpCompletionOption.ResponseHeadersRead);
        unread.StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await api.Client.SendAsync(ApiService.Post(Order));
            return answer.StatusCode == HttpStatusCode.Created;
        });
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
