using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>The gateway's settings, health and end.</summary>
[Collection(GatewayCollection.Name)]
public sealed class StartTests(GatewayFixture fixture) : IDisposable
{
    public void Dispose() => fixture.Upstream.Instead = null;

    [Theory]
    [InlineData("PORT", "http")]
    [InlineData("PORT", "65536")]
    [InlineData("PORT", "-1")]
    [InlineData("ORDERS_QUERY_URL", "localhost:8081")]
    [InlineData("ORDERS_QUERY_URL", "ftp://localhost")]
    [InlineData("ORDERS_QUERY_URL", "http://foo:bar@localhost:8081")]
    [InlineData("GRAPHQL_MAX_DEPTH", "0")]
    [InlineData("GRAPHQL_MAX_COST", "1.5")]
    [InlineData("GRAPHQL_MAX_TOKENS", "many")]
    [InlineData("GRAPHQL_KEY_OPERATIONS", "0")]
    [InlineData("GRAPHQL_KEY_SUBSCRIPTIONS", "-1")]
    [InlineData("GRAPHQL_KEY_COST_PER_SECOND", "all")]
    [InlineData("GRAPHQL_MAX_BODY_BYTES", "1MB")]
    [InlineData("GRAPHQL_UPSTREAM_TIMEOUT_MS", "10s")]
    [InlineData("GRAPHQL_TRUST_PROXY", "yes")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_with_one_line_that_names_it(string name, string value)
    {
        await using var host = await GatewayHost.LaunchAsync((name, value));

        (await host.ExitAsync()).ShouldBe(1);
        await Eventually.HoldsAsync(() => Task.FromResult(host.Said.Contains(name, StringComparison.Ordinal)));
        host.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Trim().Length > 0).ShouldHaveSingleItem()
            .ShouldStartWith($"Orders.GraphQL does not start: {name}: '{value}' is not ");
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var host = await GatewayHost.LaunchAsync(("PORT", $"{port}"));

        (await host.ExitAsync()).ShouldBe(1);
        await Eventually.HoldsAsync(() => Task.FromResult(host.Said.Trim() == $"Orders.GraphQL does not start: PORT: {port} is in use. Choose another; 0 is any free one."));
    }

    [Fact]
    public async Task It_listens_on_loopback_alone()
    {
        fixture.Gateway.Client.BaseAddress!.Host.ShouldBe("127.0.0.1");
        var own = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork)).FirstOrDefault(address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "this machine has no other address");
        using var client = new TcpClient();

        await Should.ThrowAsync<SocketException>(client.ConnectAsync(own!, fixture.Gateway.Client.BaseAddress.Port));
    }

    [Fact]
    public async Task It_is_live_without_Orders_Query_and_ready_with_it()
    {
        using var client = fixture.Gateway.AnonymousClient();
        await Eventually.HoldsAsync(async () => (await StatusAsync("/health/ready")) == HttpStatusCode.OK);
        fixture.Upstream.Instead = http =>
        {
            http.Abort();
            return Task.FromResult(true);
        };

        (await StatusAsync("/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync("/health/live")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await client.GetAsync(path);
            JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("status").GetString()
                .ShouldBe(answer.IsSuccessStatusCode ? "healthy" : "unhealthy");
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData(Native.Terminate)]
    [InlineData(Native.Interrupt)]
    public async Task A_stop_ends_it_with_a_request_under_way(int signal)
    {
        fixture.Upstream.Instead = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };
        await using var host = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_UPSTREAM_TIMEOUT_MS", "600000"));
        var asked = host.SendAsync("{ orders { edges { cursor } } }");
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 1));

        host.Signal(signal);

        (await host.ExitAsync()).ShouldBe(0, host.Said);
        await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    [Fact]
    public async Task The_lock_file_names_no_registry_and_pins_every_package()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Orders.GraphQL");
        (await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"))).ShouldNotContain("\"resolved\"");

        var package = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "package.json")));

        foreach (var kind in new[] { "dependencies", "devDependencies" })
        {
            package.GetProperty(kind).EnumerateObject().Select(one => one.Value.GetString()!).ShouldAllBe(version => version.All(sign => char.IsAsciiDigit(sign) || sign == '.'));
        }
    }
}
