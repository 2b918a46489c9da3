using Microsoft.AspNetCore.Http;
using Orders.Tests.Engines;
using Orders.Tests.GraphQL;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Outages;

public sealed class GatewayOutageTests(TestEngines engines, GatewayOutageTests.Runs runs) : OutageTests, IClassFixture<GatewayOutageTests.Runs>
{
    private const string Service = "Orders.GraphQL";

    public static TheoryData<string, string, bool> Cells() => CellsOf(Service);

    [Theory]
    [MemberData(nameof(Cells))]
    public Task An_operation_is_answered_as_the_page_says(string store, string condition, bool isAtStart) =>
        ShouldBeAsThePageSaysAsync(new(Service, store, condition, isAtStart), runs.Of(engines));

    private static async Task<string> RunAsync(TestEngines engines, OutageCell cell)
    {
        await using var stores = await FaultyStores.StartAsync(engines);
        await using var model = await ReadStores.OnAsync(stores.Direct);
        var order = Sample.Order();
        await model.StoreAsync(order);
        await using var query = await QueryService.StartAsync(stores.Direct.Settings, ("Logging:LogLevel:Default", "None"));
        await ReadyAsync(query.Client);
        await using var proxy = await UpstreamProxy.StartAsync(query.Address);
        await using var gate = new TcpGate(proxy.Address.Host, proxy.Address.Port);

        if (cell.IsAtStart)
        {
            Fail(cell, gate, proxy);
        }

        await using var gateway = await GatewayHost.StartAsync(new($"http://127.0.0.1:{gate.Port}"), ("GRAPHQL_UPSTREAM_TIMEOUT_MS", "1000"));
        using var everyone = gateway.ClientOf("everyone", "everyone-secret");
        using var limited = gateway.ClientOf("limited", "limited-secret");
        if (!cell.IsAtStart)
        {
            await ReadyAsync(everyone);
            await Eventually.HoldsAsync(async () => await AskAsync(gateway, order.OrderId, everyone) == "200");
            Fail(cell, gate, proxy);
        }

        // A key that it has not seen lately; of one that it knows, what does not come is null, with the
        // error.
        var answer = $"an operation {await AskAsync(gateway, order.OrderId, limited)}, {await HealthAsync(everyone, cell)}";
        (await AskAsync(gateway, order.OrderId, everyone)).ShouldBeOneOf("200 UNAVAILABLE", "503 UNAVAILABLE");

        proxy.Instead = proxy.InsteadOfSignIn = null;
        gate.Heal();

        await ReadyAsync(everyone);
        await Eventually.HoldsAsync(async () => await AskAsync(gateway, order.OrderId, everyone) == "200");
        await query.StopAsync();
        return answer;
    }

    private static void Fail(OutageCell cell, TcpGate gate, UpstreamProxy proxy)
    {
        switch (cell.Condition)
        {
            case OutageCell.Gone:
                gate.Shut();
                break;
            case OutageCell.Slow:
                gate.Slow(TimeSpan.FromSeconds(10));
                break;
            case OutageCell.Garbled:
                gate.Garble("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), new byte[64], "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"u8.ToArray());
                break;
            case OutageCell.Page:
                // A page that says that it is well, that nothing is there, that nobody is signed in, that it
                // is to blame.
                proxy.Instead = proxy.InsteadOfSignIn = Pages(200, 404, 401, 400, 403, 500, 502, 504);
                break;
            default:
                proxy.Instead = proxy.InsteadOfSignIn = async http =>
                {
                    http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    http.Response.Headers.RetryAfter = "1";
                    http.Response.ContentType = "application/problem+json";
                    await http.Response.WriteAsync("""{"title":"Service Unavailable","status":503,"detail":"Too many reads wait for Postgres."}""");
                    return true;
                };
                break;
        }
    }

    private static Func<HttpContext, Task<bool>> Pages(params int[] statuses)
    {
        var asked = -1;
        return async http =>
        {
            http.Response.StatusCode = http.Request.Path == "/health/ready" ? 200 : statuses[Interlocked.Increment(ref asked) % statuses.Length];
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<html><body>Sign in to the network</body></html>");
            return true;
        };
    }

    private static async Task<string> AskAsync(GatewayHost gateway, Guid orderId, HttpClient client)
    {
        var answer = await gateway.SendAsync($$"""{ order(id: "{{orderId}}") { amount } }""", variables: null, client).WaitAsync(Bound);
        answer.Status.ShouldBeOneOf(200, 503);
        if (answer.Status == 503)
        {
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        return answer.Body.TryGetProperty("errors", out _) ? $"{answer.Status} {answer.Code}" : $"{answer.Status}";
    }

    public sealed class Runs
    {
        private Lazy<IReadOnlyDictionary<OutageCell, Task<string>>>? _all;

        internal Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> Of(TestEngines engines) => _all ??= RunAll(Service, cell => RunAsync(engines, cell));
    }
}
