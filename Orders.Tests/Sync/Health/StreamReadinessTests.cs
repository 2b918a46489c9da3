using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Sync.Health;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Health;

public sealed class StreamReadinessTests
{
    [Fact]
    public void Ready_while_it_makes_progress_however_far_behind() => Judge().ShouldBe(HealthStatus.Healthy);

    [Fact]
    public void Not_ready_when_it_is_behind_and_makes_no_progress() =>
        Judge(stalledFor: StreamReadiness.StalledAfter + TimeSpan.FromSeconds(1)).ShouldBe(HealthStatus.Unhealthy);

    [Fact]
    public void Not_ready_before_the_shards_are_found() => Judge(hasListed: false).ShouldBe(HealthStatus.Unhealthy);

    [Fact]
    public void Not_ready_while_something_keeps_every_batch_from_being_applied() => Judge(obstacle: "permission denied").ShouldBe(HealthStatus.Unhealthy);

    [Fact]
    public void Degraded_while_a_gap_is_open() => Judge(openGaps: 1).ShouldBe(HealthStatus.Degraded);

    [Fact]
    public void Degraded_while_even_a_single_record_takes_too_long() => Judge(delay: "time-out").ShouldBe(HealthStatus.Degraded);

    private static HealthStatus Judge(bool hasListed = true, string? obstacle = null, string? delay = null, TimeSpan stalledFor = default, long openGaps = 0) =>
        StreamReadiness.Judge(hasListed, obstacle, delay, stalledFor, openGaps, shards: 1, records: 1).Status;
}
