using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Telemetry;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>The traces of the three services in one process, as Orders.Local runs them.</summary>
public sealed class OrderTraceTests(TestEngines engines) : IAsyncLifetime
{
    private OtlpReceiver _receiver = null!;
    private TelemetryHost _telemetry = null!;
    private OrdersSystem _system = null!;
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _stores = await engines.CreateStoresAsync();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["OTEL_SDK_DISABLED"] = null,
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{_receiver.Address}/v1/traces",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            // As Aspire sets it.
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            [TelemetryHost.OwnedByProcessSetting] = "true",
        };
        _telemetry = TelemetryHost.Start(new ConfigurationBuilder().AddInMemoryCollection(_stores.Settings).AddInMemoryCollection(settings).Build(), "orders-local");
        _system = await OrdersSystem.StartAsync(_stores, settings: settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        _telemetry.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task One_trace_leads_from_the_post_to_what_the_stores_did()
    {
        Assert.SkipWhen(_stores.Redis is null, "no Redis on this machine");
        var (traceId, _) = await PlaceAsync("m-traced");

        var trace = await _receiver.TraceAsync(traceId, spans => spans.Exists(span => span.Source == ExportedSpan.Redis) && spans.Exists(span => span.Name == "project order"));

        var post = trace.Single(span => span.Name == "POST /v1/orders/");
        post.ParentId.ShouldBe(trace.Single(span => span.Source == ExportedSpan.Http && span.Tags["url.full"].EndsWith("/v1/orders", StringComparison.Ordinal)).SpanId);
        post.Tags["orders.service"].ShouldBe("orders-api");
        var put = trace.Single(span => span.Source == ExportedSpan.Http && span.ParentId == post.SpanId);
        put.Tags["server.port"].ShouldBe($"{new Uri(_stores.DynamoDb).Port}");
        var projection = trace.Single(span => span.Name == "project order");
        projection.ParentId.ShouldBe(post.SpanId);
        projection.Tags["orders.service"].ShouldBe("orders-sync");
        var below = trace.FindAll(span => span.ParentId == projection.SpanId);
        below.ShouldContain(span => span.Source == ExportedSpan.Npgsql && span.Tags["db.query.text"].Contains("INSERT INTO orders ", StringComparison.Ordinal));
        below.ShouldContain(span => span.Source == ExportedSpan.Redis && span.Name.StartsWith("EVAL", StringComparison.Ordinal));
        trace.Select(span => span.SpanId).ShouldBeUnique();
        trace.ShouldAllBe(span => span.Service == "orders-local");
    }

    [Fact]
    public async Task A_read_shows_the_store_that_answered()
    {
        Assert.SkipWhen(_stores.Redis is null, "no Redis on this machine");
        var (_, orderId) = await PlaceAsync("m-read");
        var traceId = "";
        await Eventually.HoldsAsync(async () =>
        {
            (traceId, var answer) = await SendAsync(_system.Query, new(HttpMethod.Get, $"/v1/orders/{orderId}"));
            using (answer)
            {
                return answer.IsSuccessStatusCode && answer.Headers.GetValues("X-Served-By").Single() == "redis";
            }
        });

        var trace = await _receiver.TraceAsync(traceId, spans => spans.Exists(span => span.Source == ExportedSpan.Redis));
        var get = trace.Single(span => span.Name == "GET /v1/orders/{id}");
        get.Tags["orders.service"].ShouldBe("orders-query");
        trace.ShouldContain(span => span.Source == ExportedSpan.Redis && span.ParentId == get.SpanId);
        trace.ShouldNotContain(span => span.Source == ExportedSpan.Npgsql);

        (traceId, var listed) = await SendAsync(_system.Query, new(HttpMethod.Get, "/v1/orders?merchant_id=m-read"));
        using (listed)
        {
            trace = await _receiver.TraceAsync(traceId, spans => spans.Exists(span => span.Name == "GET /v1/orders/"));
        }

        var list = trace.Single(span => span.Name == "GET /v1/orders/");
        // A pool that opens one more connection meanwhile has a span for that here too.
        trace.Single(span => span.Source == ExportedSpan.Npgsql && span.Tags.ContainsKey("db.query.text")).ParentId.ShouldBe(list.SpanId);
    }

    [Fact]
    public async Task A_health_request_leaves_no_trace_nor_does_what_it_asks_the_stores()
    {
        Assert.SkipWhen(_stores.Redis is null, "no Redis on this machine");
        List<string> health = [];
        foreach (var service in new[] { _system.Api, _system.Sync, _system.Query })
        {
            var (traceId, answer) = await SendAsync(service, new(HttpMethod.Get, "/health/ready"));
            answer.Dispose();
            health.Add(traceId);
        }

        var (after, _) = await PlaceAsync("m-health");
        await _receiver.TraceAsync(after, spans => spans.Exists(span => span.Source == ExportedSpan.Redis));

        // Each trace has the test's own call.
        _receiver.Spans().FindAll(span => health.Contains(span.TraceId)).ShouldAllBe(span => span.Source == ExportedSpan.Http && span.Tags["url.full"].EndsWith("/health/ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_no_request_asked_for_is_not_exported()
    {
        var (traceId, _) = await PlaceAsync("m-polled");
        await _receiver.TraceAsync(traceId, spans => spans.Exists(span => span.Name == "project order"));

        // Streams and leases were polled all the while; other tests have other databases.
        var database = new Npgsql.NpgsqlConnectionStringBuilder(_stores.Postgres).Database;
        var roots = _receiver.Spans().FindAll(span => span.ParentId is null);
        roots.ShouldNotContain(span => span.Source == ExportedSpan.Npgsql && span.Tags["db.namespace"] == database);
        roots.ShouldNotContain(span => span.Source == ExportedSpan.Redis);
        roots.ShouldNotContain(span => span.Source == ExportedSpan.Http && span.Tags["server.port"] == $"{new Uri(_stores.DynamoDb).Port}");
    }

    private async Task<(string TraceId, string OrderId)> PlaceAsync(string merchant)
    {
        var (traceId, answer) = await SendAsync(_system.Api, new(HttpMethod.Post, "/v1/orders")
        {
            Content = JsonContent.Create(new { merchant_id = merchant, amount = 200.00m, currency = "INR" }),
        });
        using (answer)
        {
            answer.EnsureSuccessStatusCode();
            return (traceId, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!);
        }
    }

    /// <summary>Sends a request in a trace of its own.</summary>
    private static async Task<(string TraceId, HttpResponseMessage Answer)> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using var caller = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        caller.Start();
        using (request)
        {
            return (caller.TraceId.ToHexString(), await client.SendAsync(request));
        }
    }
}
