using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class RequestSpanTests
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

    private async Task<Activity> SpanOfAsync(string path, Action<WebApplication> map)
    {
        var stopped = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("url.path") is string url && url.Contains(_mark, StringComparison.Ordinal))
                    stopped.TrySetResult(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await TestService.StartAsync(map: map);

        await service.Anonymous.GetAsync($"/{_mark}/{path}");
        return await stopped.Task;
    }
}
