using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.SignIn;
using Orders.Sync;
using Orders.Tests.Engines;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

/// <summary>
/// Snapshots, rebuilds and reconciliations as an operator has them: over HTTP, of a service that runs.
/// </summary>
public sealed class LongOperationsApiTests(TestEngines engines) : IAsyncLifetime
{
    private const int Items = 60;

    // A table for each test: in the embedded engine, one that is made again under its name begins with the
    // stream of the one before.
    private readonly TableFixture _fixture = new(engines);
    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "snapshot"),
        ("POST", "snapshot"),
        ("DELETE", "snapshot"),
        ("GET", "rebuild"),
        ("POST", "rebuild"),
        ("DELETE", "rebuild"),
        ("GET", "reconcile"),
        ("POST", "reconcile"),
        ("DELETE", "reconcile"),
        ("POST", "dead-letters/redrive"),
        ("DELETE", "dead-letters?id=1"),
    ];

    private WebApplication _app = null!;
    private HttpClient _operator = null!;

    public async ValueTask InitializeAsync()
    {
        await _fixture.InitializeAsync();
        await _fixture.ResetAsync();
        await _fixture.PutAsync(Enumerable.Range(1, Items).Select(i => SampleOrders.Placed(i)));
        var settings = _fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";

        // Slow enough to be met in the middle. None begins by itself.
        settings["Sync:Snapshot:Automatic"] = "false";
        settings["Sync:Snapshot:Segments"] = "1";
        settings["Sync:Snapshot:PageItems"] = "5";
        settings["Sync:Snapshot:ItemsPerSecond"] = "20";
        AddKey(settings, 0, "operator", "operations");
        AddKey(settings, 1, "reader", "orders:read");
        _app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await _app.StartAsync();
        _operator = Client("operator");
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task None_is_for_keys_without_the_scope()
    {
        using var nobody = new HttpClient { BaseAddress = _operator.BaseAddress };
        using var reader = Client("reader");

        foreach (var (method, path) in Routes)
        {
            (await SendAsync(nobody, method, path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            (await SendAsync(reader, method, path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }

        (await _fixture.ScalarAsync<int>("SELECT count(*) FROM sync.snapshots")).ShouldBe(0);
    }

    [Fact]
    public async Task A_snapshot_is_begun_watched_stopped_and_gone_on_with()
    {
        (await SendAsync(_operator, "GET", "snapshot")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync(_operator, "DELETE", "snapshot")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var begun = await SendAsync(_operator, "POST", "snapshot");
        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        begun.Headers.Location!.OriginalString.ShouldBe("/v1/operations/snapshot");
        var snapshotId = (await BodyAsync(begun)).GetProperty("snapshot_id").GetInt64();
        await UntilAsync("snapshot", progress => progress.GetProperty("items").GetInt64() > 0);
        var conflict = await SendAsync(_operator, "POST", "rebuild");
        conflict.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        conflict.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");

        var stopped = await BodyAsync(await SendAsync(_operator, "DELETE", "snapshot"));
        stopped.GetProperty("phase").GetString().ShouldBe("stopped");
        stopped.GetProperty("items").GetInt64().ShouldBeInRange(1, Items - 1);

        (await BodyAsync(await SendAsync(_operator, "POST", "snapshot"))).GetProperty("snapshot_id").GetInt64().ShouldBe(snapshotId);
        var done = await UntilAsync("snapshot", progress => progress.GetProperty("phase").GetString() == "completed");
        (done.GetProperty("snapshot_id").GetInt64(), done.GetProperty("items").GetInt64()).ShouldBe((snapshotId, Items), "no item is counted twice");
    }

    [Fact]
    public async Task A_rebuild_mends_what_a_hand_has_changed()
    {
        await Eventually.HoldsAsync(async () => await _fixture.ScalarAsync<int>("SELECT count(*) FROM orders") == Items);
        await _fixture.ExecuteAsync("UPDATE orders SET amount = 1");

        (await SendAsync(_operator, "POST", "rebuild")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var done = await UntilAsync("rebuild", progress => progress.GetProperty("phase").GetString() == "completed");
        done.GetProperty("replaced").GetInt64().ShouldBe(Items - 1, "one order has that amount");
        (await _fixture.WrongTotalsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_reconciliation_is_begun_once_stopped_and_begun_again_with_repair()
    {
        await Eventually.HoldsAsync(async () => await _fixture.ScalarAsync<int>("SELECT count(*) FROM orders") == Items);
        await _fixture.ExecuteAsync("UPDATE orders SET status = 'lost' WHERE amount = 7");
        (await SendAsync(_operator, "GET", "reconcile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var wrong = await SendAsync(_operator, "POST", "reconcile?repair=perhaps");
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");

        // It looks at the order that differs a second time, two seconds later: so it still runs.
        (await SendAsync(_operator, "POST", "reconcile")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await SendAsync(_operator, "POST", "reconcile")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await SendAsync(_operator, "DELETE", "reconcile")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntilAsync("reconcile", status => status.GetProperty("state").GetString() == "stopped");
        (await SendAsync(_operator, "DELETE", "reconcile")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await SendAsync(_operator, "POST", "reconcile?repair=true")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var report = (await UntilAsync("reconcile", status => status.GetProperty("state").GetString() == "completed")).GetProperty("report");
        (report.GetProperty("found").GetInt64(), report.GetProperty("remaining").GetInt64()).ShouldBe((1, 0));
        (await _fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE status = 'lost'")).ShouldBe(0);
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> holds)
    {
        var seen = default(JsonElement);
        await Eventually.HoldsAsync(async () =>
        {
            seen = await BodyAsync(await SendAsync(_operator, "GET", path));
            return holds(seen);
        });
        return seen;
    }

    private HttpClient Client(string key) => new()
    {
        BaseAddress = new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()),
        DefaultRequestHeaders = { { "X-Api-Key", $"{key}.{key}-secret" } },
    };

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path) =>
        client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/operations/{path}"));

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue($"{answer.StatusCode}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static void AddKey(Dictionary<string, string?> settings, int number, string id, string scope)
    {
        settings[$"Orders:Keys:{number}:Id"] = id;
        settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of($"{id}-secret").ToString();
        settings[$"Orders:Keys:{number}:Merchants"] = "*";
        settings[$"Orders:Keys:{number}:Scopes"] = scope;
    }
}
