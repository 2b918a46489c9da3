using System.Net;
using Microsoft.AspNetCore.Builder;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>A line for each refused request and for each act of an operator.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task A_refused_request_and_an_act_are_told_with_who_and_what()
    {
        await using var service = await StartAsync();
        using var anonymous = await service.Anonymous.GetAsync("/who");
        using var other = new HttpRequestMessage(HttpMethod.Post, "/act?repair=true") { Headers = { { "X-Api-Key", "reader.acme-secret" } } };
        using var forbidden = await service.Anonymous.SendAsync(other);
        using var act = new HttpRequestMessage(HttpMethod.Post, "/act?repair=true") { Headers = { { "X-Api-Key", "acme.acme-secret" } } };
        using var done = await service.Anonymous.SendAsync(act);
        using var look = new HttpRequestMessage(HttpMethod.Get, "/act") { Headers = { { "X-Api-Key", "acme.acme-secret" } } };
        using var looked = await service.Anonymous.SendAsync(look);

        var lines = Lines(service);
        lines.Count.ShouldBe(3);
        lines[0].ShouldStartWith("Warning Orders.Audit: Refused: - from 127.0.0.1 GET /who 401 trace_id=");
        lines[1].ShouldStartWith("Warning Orders.Audit: Refused: reader from 127.0.0.1 POST /act?repair=true 403 trace_id=");
        lines[2].ShouldStartWith("Information Orders.Audit: Act: acme from 127.0.0.1 POST /act?repair=true 200 trace_id=");
    }

    [Fact]
    public async Task An_act_that_fails_is_told_too()
    {
        await using var service = await StartAsync();
        using var act = new HttpRequestMessage(HttpMethod.Post, "/fail") { Headers = { { "X-Api-Key", "acme.acme-secret" } } };

        (await service.Anonymous.SendAsync(act)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);

        Lines(service).ShouldHaveSingleItem().ShouldContain("Act: acme from 127.0.0.1 POST /fail 500");
    }

    [Fact]
    public async Task No_secret_and_no_line_end_of_a_client_gets_into_a_line()
    {
        await using var service = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who/%0D%0AAct:%20root?a=%0A" + new string('x', 1_000)) { Headers = { { "X-Api-Key", "acme.a-wrong-secret" } } };

        using var answer = await service.Anonymous.SendAsync(request);
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/who?a=%0A" + new string('x', 1_000)) { Headers = { { "X-Api-Key", "acme.a-wrong-secret" } } };
        using var refused = await service.Anonymous.SendAsync(wrong);

        var line = Lines(service).ShouldHaveSingleItem();
        line.ShouldNotContain("a-wrong-secret");
        line.ShouldNotContain('\n');
        line.Length.ShouldBeLessThan(600);
    }

    [Fact]
    public async Task A_flood_of_refused_requests_writes_a_bounded_number_of_lines()
    {
        await using var service = await StartAsync();
        const int requests = 2_000;
        var started = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), async (_, token) => (await service.Anonymous.GetAsync("/who", token)).Dispose());
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;

        // A burst of 200, and 20 a second.
        Lines(service).Count.ShouldBeInRange(1, 200 + (20 * ((int)seconds + 2)));
    }

    private static List<string> Lines(TestService service) => [.. service.Logs.All.Where(line => line.Contains(" Orders.Audit: ", StringComparison.Ordinal))];

    private static Task<TestService> StartAsync()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:1:Id"] = "reader";
        settings["Orders:Keys:1:Hash"] = settings["Orders:Keys:0:Hash"];
        settings["Orders:Keys:1:Merchants"] = "*";
        settings["Orders:Keys:1:Scopes"] = "orders:read";
        return TestService.StartAsync(TestService.Production, settings, map: app =>
        {
            app.MapMethods("/act", ["GET", "POST"], () => "done").RequireScope(Scopes.Operations);
            app.MapPost("/fail", string () => throw new InvalidOperationException("on purpose")).RequireScope(Scopes.Operations);
        });
    }
}
