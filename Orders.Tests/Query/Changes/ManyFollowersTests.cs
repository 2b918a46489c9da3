using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Orders.Query.Changes;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;
using static Orders.Tests.Query.ChangeFixture;

namespace Orders.Tests.Query;

public sealed class ManyFollowersTests(ChangeFixture fixture, TestEngines engines) : IClassFixture<ChangeFixture>, IAsyncLifetime
{
    // What the test before stored is no news to the clients of this one.
    public async ValueTask InitializeAsync() => await fixture.CaughtUpAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_thousand_idle_clients_cost_no_thread_each()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var first = await ChangeFollower.ConnectAsync(service.Client);
        var before = Threads();

        var followers = new List<ChangeFollower>();
        for (var i = 0; i < 10; i++)
        {
            followers.AddRange(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ChangeFollower.ConnectAsync(service.Client))));
        }

        followers.Count.ShouldBe(1000);
        // The pool has a few more or fewer at any time, and other tests run beside this one.
        (Threads() - before).ShouldBeLessThan(200);
        var order = Sample.Order();
        await fixture.ProjectAsync(Placed(order));
        (await Task.WhenAll(followers.Select(follower => follower.NextAsync()))).ShouldAllBe(change => change.OrderId == order.OrderId);
        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }
    }

    [Fact]
    public async Task Any_number_of_clients_cost_one_reading_of_the_feed_and_none_costs_nothing()
    {
        var stores = await ReadStores.CreateAsync(engines);
        await using var service = await QueryService.StartAsync(stores.Settings, ("ConnectionStrings:redis", null));
        var database = new Npgsql.NpgsqlConnectionStringBuilder(stores.Settings["ConnectionStrings:orders"]).Database!;
        using var statements = new StatementCounter(database);
        var orders = Enumerable.Range(0, 20).Select(_ => Sample.Order()).ToArray();

        statements.Count("order_history").ShouldBe(0);
        await using var one = await ChangeFollower.ConnectAsync(service.Client);
        await Eventually.HoldsAsync(() => Task.FromResult(statements.Count("pg_current_snapshot") > 2));
        var followers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ChangeFollower.ConnectAsync(service.Client)));
        var before = statements.Count("pg_current_snapshot");
        await StoreAsync(stores.Postgres, [.. orders.Select(Placed)]);
        await Task.WhenAll(followers.Append(one).Select(follower => follower.NextAsync(orders.Length)));

        // Two or three looks, where each client for itself would have made fifty at least.
        (statements.Count("pg_current_snapshot") - before).ShouldBeLessThan(50);
        foreach (var follower in followers.Append(one))
        {
            await follower.DisposeAsync();
        }

        var readers = (ChangeReaders)service.Services.GetService(typeof(ChangeReaders))!;
        await Eventually.HoldsAsync(() => Task.FromResult(readers.Count == 0 && readers.TryRest()));
        await stores.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_and_gets_everything_when_it_does()
    {
        const int Count = 3000;
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings);
        using var lazy = await ConnectAsync(service.Address);
        await using var brisk = await ChangeFollower.ConnectAsync(service.Client, "?merchant_id=busy");
        var readers = (ChangeReaders)service.Services.GetService(typeof(ChangeReaders))!;
        await Eventually.HoldsAsync(() => Task.FromResult(readers.Count == 2));

        // Some forty megabytes: more than all the buffers between the two, and more than the ring.
        await fixture.Stores.ExecuteAsync(
            $$"""
            INSERT INTO order_history (order_id, version, revision, merchant_id, change, changed_at, body)
            SELECT gen_random_uuid(), n, n, 'busy', 'placed', now(), json_build_object('filler', repeat('x', 14000)) FROM generate_series(1, {{Count}}) AS n
            """);
        for (var i = 0; i < Count; i++)
        {
            await brisk.NextAsync();
        }

        var order = Sample.Order("busy");
        await fixture.ProjectAsync(Placed(order));
        (await brisk.NextAsync()).OrderId.ShouldBe(order.OrderId);

        var events = 0;
        using var lines = new StreamReader(new NetworkStream(lazy), Encoding.UTF8);
        while (!(await lines.ReadLineAsync())!.StartsWith($"data: {{\"order_id\":\"{order.OrderId}\"", StringComparison.Ordinal))
        {
            events++;
        }
        // Each had a line of its own, among others.
        events.ShouldBeGreaterThan(Count * 3);
    }

    [Fact]
    public async Task One_client_more_than_the_share_of_its_key_is_told_to_come_back_and_others_are_let_in()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Query:MaxChangeStreams", "2"));
        await using (await ChangeFollower.ConnectAsync(service.Client))
        {
            using var answer = await service.Client.GetAsync("/v1/changes");
            answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("share");
            await using var other = await ChangeFollower.ConnectAsync(service.Limited);
        }

        // Its place is free when it has gone.
        await Eventually.HoldsAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes");
            using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }

    private static int Threads()
    {
        using var self = Process.GetCurrentProcess();
        return self.Threads.Count;
    }

    // Asks, and reads nothing of the answer.
    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        var key = Convert.ToBase64String("everyone:everyone-secret"u8);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/changes?merchant_id=busy HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic {key}\r\n\r\n"));
        return socket;
    }
}
