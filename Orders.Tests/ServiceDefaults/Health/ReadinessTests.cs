using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.ServiceDefaults.Health;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ReadinessTests
{
    [Fact]
    public async Task Stores_are_asked_once_a_second_however_often_readiness_is()
    {
        var (asked, time) = (0, new ManualTime());
        await using var service = await TestService.StartAsync(add: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddHealthChecks().AddCheck("store", () => Count(ref asked), [HealthTags.Ready]);
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Anonymous.GetAsync("/health/ready")));
        asked.ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(1));
        await service.Anonymous.GetAsync("/health/ready");
        asked.ShouldBe(2);
    }

    private static HealthCheckResult Count(ref int asked)
    {
        Interlocked.Increment(ref asked);
        return HealthCheckResult.Healthy();
    }
}
