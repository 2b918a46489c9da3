using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Bodies;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults.Bodies;

/// <summary>
/// Memory for bodies is taken before they are read, in fair shares: here there is enough for four of the
/// greatest.
/// </summary>
public sealed class BodyBudgetTests
{
    private const int Megabyte = 1024 * 1024;
    private const int Share = 2;

    [Theory]
    [InlineData("Content-Length: 1048576\r\n", "")]
    [InlineData("Transfer-Encoding: chunked\r\n", "100000\r\n")]
    public async Task Unfinished_bodies_of_one_key_take_its_share_and_no_more(string head, string chunk)
    {
        await using var service = await StartAsync();
        var budget = service.App.Services.GetRequiredService<BodyBudget>();
        var clients = new List<TcpClient>();
        for (var n = 1; n <= Share; n++)
        {
            clients.Add(await BeginAsync(service.Address, head, chunk));
            await Eventually.HoldsAsync(() => Task.FromResult(budget.Taken == n * Megabyte));
        }

        // One more of this key is refused at once, and does not hold the memory of others.
        using var refused = await BeginAsync(service.Address, head, chunk);
        (await new StreamReader(refused.GetStream()).ReadLineAsync()).ShouldBe("HTTP/1.1 429 Too Many Requests");
        (await PostAsync(service, "other", Megabyte)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(service, "acme", 1_000)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(service, "acme", Megabyte)).ShouldBe(HttpStatusCode.TooManyRequests);

        clients.ForEach(client => client.Dispose());
        await Eventually.HoldsAsync(async () => await PostAsync(service, "acme", Megabyte) == HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => Task.FromResult(budget.Taken == 0));
    }

    [Fact]
    public async Task A_compressed_body_counts_as_it_is_unfolded()
    {
        await using var service = await StartAsync();
        var budget = service.App.Services.GetRequiredService<BodyBudget>();
        using var first = await BeginAsync(service.Address, "Content-Length: 1048576\r\n", "");
        using var second = await BeginAsync(service.Address, "Content-Length: 1048576\r\n", "");
        await Eventually.HoldsAsync(() => Task.FromResult(budget.Taken == Share * Megabyte));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes")
        {
            Content = Compressed.Content(Compressed.Of(new byte[Megabyte], "gzip"), "gzip"),
            Headers = { { "X-Api-Key", "acme.acme-secret" } },
        };
        var answer = await service.Anonymous.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await TestService.ProblemAsync(answer);
    }

    private static Task<TestService> StartAsync()
    {
        var settings = TestService.Key();
        settings["Orders:Bodies:Megabytes"] = "4";
        settings["Orders:Keys:1:Id"] = "other";
        settings["Orders:Keys:1:Hash"] = settings["Orders:Keys:0:Hash"];
        settings["Orders:Keys:1:Merchants"] = "*";
        settings["Orders:Keys:1:Scopes"] = "orders:write";
        return TestService.StartAsync(settings: settings);
    }

    // Nearly the whole body, and never the rest.
    private static async Task<TcpClient> BeginAsync(Uri service, string head, string chunk)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Host, service.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /bytes HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: acme.acme-secret\r\n{head}\r\n{chunk}"));
        await stream.WriteAsync(new byte[64 * 1024]);
        return client;
    }

    private static async Task<HttpStatusCode> PostAsync(TestService service, string key, int bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes") { Content = new ByteArrayContent(new byte[bytes]), Headers = { { "X-Api-Key", $"{key}.acme-secret" } } };
        using var answer = await service.Anonymous.SendAsync(request);
        return answer.StatusCode;
    }
}
