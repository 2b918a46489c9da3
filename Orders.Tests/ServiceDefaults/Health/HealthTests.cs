using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orders.ServiceDefaults.Health;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_asks_nobody()
    {
        await using var service = await TestService.StartAsync(add: builder => Check(builder, HealthCheckResult.Unhealthy("away")));

        var answer = await service.Anonymous.GetAsync("/health/live");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await JsonAsync(answer)).GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, 200, "healthy")]
    [InlineData(HealthStatus.Degraded, 200, "degraded")]
    [InlineData(HealthStatus.Unhealthy, 503, "unhealthy")]
    public async Task Ready_names_each_check_with_its_state_and_description(HealthStatus state, int status, string name)
    {
        await using var service = await TestService.StartAsync(add: builder => Check(builder, new HealthCheckResult(state, "as it is")));

        var answer = await service.Anonymous.GetAsync("/health/ready");

        ((int)answer.StatusCode).ShouldBe(status);
        var health = await JsonAsync(answer);
        health.GetProperty("status").GetString().ShouldBe(name);
        var check = health.GetProperty("checks").GetProperty("store");
        check.GetProperty("status").GetString().ShouldBe(name);
        check.GetProperty("description").GetString().ShouldBe("as it is");
        health.GetProperty("checks").GetProperty("process").GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task A_check_that_throws_is_unhealthy_and_tells_strangers_nothing()
    {
        await using var service = await TestService.StartAsync(add: builder => builder.Services.AddHealthChecks()
            .AddCheck("store", () => throw new InvalidOperationException("password=secret"), [HealthTags.Ready]));

        var answer = await service.Anonymous.GetAsync("/health/ready");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_check_without_the_tag_is_not_asked()
    {
        await using var service = await TestService.StartAsync(add: builder => builder.Services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Unhealthy()));

        (await service.Anonymous.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Not_ready_once_asked_to_stop()
    {
        await using var service = await TestService.StartAsync();
        var readiness = service.App.Services.GetRequiredService<HealthCheckService>();

        service.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await readiness.CheckHealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    private static void Check(WebApplicationBuilder builder, HealthCheckResult result) =>
        builder.Services.AddHealthChecks().AddCheck("store", () => result, [HealthTags.Ready]);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}
