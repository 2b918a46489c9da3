using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class RequestTagsTests
{
    // Activities are process wide, and other tests run beside these.
    private readonly string _mark = $"mark-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_span_is_named_by_its_route()
    {
        var span = await SpanOfAsync("orders/7", app => app.MapGet($"/{_mark}/orders/{{id}}", (string id) => TypedResults.Accepted((string?)null, id)).AllowAnonymous());

        span.DisplayName.ShouldBe($"GET /{_mark}/orders/{{id}}");
        span.GetTagItem("http.route").ShouldBe($"/{_mark}/orders/{{id}}");
        span.GetTagItem("http.request.method").ShouldBe("GET");
        span.GetTagItem("http.response.status_code").ShouldBe(202);
        span.GetTagItem("orders.service").ShouldBe("orders-test");
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Without_a_route_it_is_named_by_its_method_alone()
    {
        var span = await SpanOfAsync("nowhere", _ => { });

        span.DisplayName.ShouldBe("GET");
        span.GetTagItem("http.response.status_code").ShouldBe(404);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task A_failure_keeps_its_route_and_shows_its_exception()
    {
        var span = await SpanOfAsync("throws", app => app.MapGet($"/{_mark}/throws", string () => throw new InvalidOperationException("the inside")).AllowAnonymous());

        span.DisplayName.ShouldBe($"GET /{_mark}/throws");
        span.GetTagItem("http.response.status_code").ShouldBe(500);
        span.GetTagItem("error.type").ShouldBe(typeof(InvalidOperationException).FullName);
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
    }

    [Fact]
    public async Task A_failure_without_an_exception_is_named_by_its_status()
    {
        var span = await SpanOfAsync("busy", app => app.MapGet($"/{_mark}/busy", () => TypedResults.StatusCode(503)).AllowAnonymous());

        span.GetTagItem("error.type").ShouldBe("503");
        span.Status.ShouldBe(ActivityStatusCode.Error);
    }

    private async Task<Activity> SpanOfAsync(string path, Action<WebApplication> map)
    {
        var ended = new EndedSpan(_mark);
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address },
            add: builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(ended)),
            map: map);

        await service.Anonymous.GetAsync($"/{_mark}/{path}");
        return await ended.Span;
    }

    private sealed class EndedSpan(string mark) : BaseProcessor<Activity>
    {
        private readonly TaskCompletionSource<Activity> _span = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Activity> Span => _span.Task;

        public override void OnEnd(Activity data)
        {
            if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is string path && path.Contains(mark, StringComparison.Ordinal))
            {
                _span.TrySetResult(data);
            }
        }
    }
}
