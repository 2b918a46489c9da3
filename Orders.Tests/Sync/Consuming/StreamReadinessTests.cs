using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Sync.Consuming;
using Orders.Sync.Status;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

public sealed class StreamReadinessTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HeartbeatsWithin = TimeSpan.FromSeconds(4);
    private static readonly ShardsState Shards = new() { Open = 1 };
    private static readonly StreamState Well = new() { HasListed = true, Shards = Shards };

    [Fact]
    public void Ready_while_it_makes_progress_however_far_behind() => Judge(Well).ShouldBe(HealthStatus.Healthy);

    [Fact]
    public void Ready_until_something_has_waited_for_too_long() => Judge(Well with
    {
        StalledFor = StalledAfter,
        SinceHeartbeat = HeartbeatsWithin,
        ReadsFailFor = StalledAfter,
        Shards = Shards with { Silence = StalledAfter, InDoubt = StalledAfter },
    }).ShouldBe(HealthStatus.Healthy);

    // Nobody signs in for it, and figures would tell everybody how much is written.
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void What_anybody_may_read_has_no_figures(long gaps) =>
        StreamReadiness.Judge(Well with { OpenGaps = gaps }, StalledAfter, HeartbeatsWithin).Description!.ShouldNotContain("7");

    [Fact]
    public void Ready_between_the_end_of_a_shard_and_the_discovery_of_its_children() =>
        Judge(Well with { Shards = new() { Open = 0, SinceEnd = StreamReadiness.DiscoveryGrace } }).ShouldBe(HealthStatus.Healthy);

    [Fact]
    public void Not_ready_when_no_shard_has_been_open_for_longer() => NotReady(
        Well with { Shards = new() { Open = 0, SinceEnd = StreamReadiness.DiscoveryGrace + Second } }, "no shard of the stream has been open for 11 s");

    [Fact]
    public void Not_ready_when_no_shard_is_known() => NotReady(Well with { Shards = new() { Open = 0 } }, "no shard of the stream is known");

    [Fact]
    public void Not_ready_when_it_is_behind_and_makes_no_progress() =>
        NotReady(Well with { StalledFor = StalledAfter + Second }, "behind, and without progress for 31 s");

    [Theory]
    [InlineData("host/1", "see host/1")]
    [InlineData(null, "see why nobody holds it")]
    public void Not_ready_when_another_makes_no_progress_or_nobody_is_there(string? holder, string text) => NotReady(
        Well with { Shards = Shards with { Silence = StalledAfter + Second, Worst = "shard-1", Holder = holder } }, text);

    [Fact]
    public void Not_ready_before_the_shards_are_found() => NotReady(Well with { HasListed = false }, "have not been found yet");

    [Fact]
    public void Not_ready_when_the_state_cannot_be_looked_up() => NotReady(Well with { Shards = null }, "see to Postgres");

    [Fact]
    public void Not_ready_while_something_keeps_every_batch_from_being_applied() => NotReady(Well with { Obstacle = "permission denied" }, "permission denied");

    [Fact]
    public void Not_ready_when_heartbeats_fail_for_longer_than_leases_hold() =>
        NotReady(Well with { SinceHeartbeat = HeartbeatsWithin + Second }, "no heartbeat for 5 s");

    [Fact]
    public void Not_ready_when_nobody_can_list_the_shards_any_more()
    {
        Judge(Well with { Shards = Shards with { SinceListing = ShardsState.ListingHolds } }).ShouldBe(HealthStatus.Healthy);
        NotReady(Well with { Shards = Shards with { SinceListing = ShardsState.ListingHolds + Second } }, "last seen 61 s ago");
    }

    [Fact]
    public void Not_ready_when_the_stream_cannot_be_read() => NotReady(Well with { ReadsFailFor = StalledAfter + Second }, "cannot be read for 31 s");

    [Fact]
    public void Not_ready_when_orders_in_doubt_cannot_be_looked_up() =>
        NotReady(Well with { Shards = Shards with { InDoubt = StalledAfter + Second } }, "orders in doubt have not been looked up in the table for 31 s");

    [Fact]
    public void Degraded_while_a_gap_is_open() => Judge(Well with { OpenGaps = 1 }).ShouldBe(HealthStatus.Degraded);

    [Fact]
    public void Degraded_while_even_a_single_record_takes_too_long() => Judge(Well with { Delay = "time-out" }).ShouldBe(HealthStatus.Degraded);

    private static HealthStatus Judge(StreamState state) => StreamReadiness.Judge(state, StalledAfter, HeartbeatsWithin).Status;

    private static void NotReady(StreamState state, string text)
    {
        var result = StreamReadiness.Judge(state, StalledAfter, HeartbeatsWithin);
        result.Status.ShouldBe(HealthStatus.Unhealthy);
        result.Description!.ShouldContain(text);
    }
}
