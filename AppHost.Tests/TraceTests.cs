using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Orders.AppHost.Tests;

/// <summary>The telemetry that the dashboard received, read from its own API.</summary>
public sealed class TraceTests(RunningAppHost apphost)
{
    // The spans from the request to the work of both stores, each with its parent.
    private static readonly (string Service, string Span, string? Parent)[] Expected =
    [
        ("api", "POST /v1/orders/", null),
        ("api", "POST", "POST /v1/orders/"),
        ("sync", "project order", "POST /v1/orders/"),
        ("sync", "postgresql", "project order"),
        ("sync", "EVAL", "project order"),
    ];

    [Fact]
    public async Task One_trace_goes_from_the_POST_to_what_Postgres_and_Redis_did_for_it()
    {
        using var api = await apphost.ClientOfAsync("api");
        await apphost.WaitForAsync("query");
        using var dashboard = await DashboardAsync();

        await OrderTraffic.PlaceAsync(api);

        await apphost.UntilAsync($"a trace has {string.Join(", ", Expected)}", async token =>
        {
            using var answer = JsonDocument.Parse(await dashboard.GetStringAsync(new Uri("/api/telemetry/traces", UriKind.Relative), token));
            return Spans(answer).GroupBy(span => span.Trace).Any(IsComplete);
        });
    }

    private static bool IsComplete(IEnumerable<Span> trace)
    {
        var names = trace.ToDictionary(span => span.Id, span => span.Name, StringComparer.Ordinal);
        var seen = trace.Select(span => (span.Service, span.Name, Parent: names.GetValueOrDefault(span.Parent))).ToHashSet();
        // Either of the two consumers may have the shard.
        return Expected.All(each => seen.Contains(each) || seen.Contains((each.Service.Replace("sync", "sync-2", StringComparison.Ordinal), each.Span, each.Parent)));
    }

    // OTLP's JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    private static IEnumerable<Span> Spans(JsonDocument answer) =>
        from resource in answer.RootElement.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
        let service = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
            .First(attribute => attribute.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()!
        from scope in resource.GetProperty("scopeSpans").EnumerateArray()
        from span in scope.GetProperty("spans").EnumerateArray()
        select new Span(
            service,
            span.GetProperty("traceId").GetString()!,
            span.GetProperty("spanId").GetString()!,
            span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() ?? "" : "",
            span.GetProperty("name").GetString()!);

    private async Task<HttpClient> DashboardAsync()
    {
        var app = await apphost.AppAsync();
        var dashboard = (IResourceWithEndpoints)app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "aspire-dashboard");
        return new HttpClient { BaseAddress = new Uri(dashboard.GetEndpoint("http").Url), DefaultRequestHeaders = { { "x-api-key", RunningAppHost.DashboardKey } } };
    }

    private sealed record Span(string Service, string Trace, string Id, string Parent, string Name);
}
