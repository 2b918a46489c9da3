using Orders.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class LagTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Without_any_shard_the_lag_is_not_known() => Lag.Of([], Now).ShouldBeNull();

    [Fact]
    public void While_nothing_happens_and_the_owner_is_there_the_lag_is_zero() =>
        Seconds(Open(caughtUp: -0.8, applied: -3600, changed: -3600.2)).ShouldBe(0);

    [Fact]
    public void A_shard_that_never_had_a_record_has_no_lag_while_its_owner_is_there() => Seconds(Open(caughtUp: -1)).ShouldBe(0);

    [Fact]
    public void While_records_are_applied_the_lag_is_that_of_the_last_one() =>
        Seconds(Open(caughtUp: -0.1, applied: -0.1, changed: -0.3)).ShouldBe(0.2, tolerance: 0.001);

    [Fact]
    public void A_backlog_that_is_worked_through_shows_although_the_owner_is_there() =>
        Seconds(Open(caughtUp: -0.5, applied: -0.5, changed: -600)).ShouldBe(599.5, tolerance: 0.001);

    [Fact]
    public void Once_the_owner_is_silent_the_lag_grows_with_the_time() =>
        Seconds(Open(caughtUp: -40, applied: -3600, changed: -3600)).ShouldBe(40);

    [Fact]
    public void What_was_behind_when_the_owner_fell_silent_counts_as_well() =>
        Seconds(Open(caughtUp: -40, applied: -40, changed: -100)).ShouldBe(100);

    [Fact]
    public void A_clock_that_runs_ahead_makes_no_negative_lag() => Seconds(Open(caughtUp: -0.1, applied: -0.1, changed: 5)).ShouldBe(0);

    [Fact]
    public void The_shard_that_is_furthest_behind_counts() =>
        Seconds(Open(caughtUp: -1), Open(caughtUp: -20), Open(caughtUp: -5)).ShouldBe(20);

    [Fact]
    public void A_shard_that_nobody_has_begun_lags_from_its_discovery_or_its_parents_end() => new[]
    {
        Seconds(New(discovered: -30)),
        Seconds(New(discovered: -30, parent: "trimmed")),
        Seconds(New(discovered: -30, parent: "parent"), Finished("parent", -12)),
        Seconds(New(discovered: -1)),
    }.ShouldBe([30, 30, 12, 0]);

    [Fact]
    public void A_shard_whose_turn_has_not_come_does_not_lag() =>
        Seconds(New(discovered: -30, parent: "parent"), Open(caughtUp: -1) with { ShardId = "parent" }).ShouldBe(0);

    [Fact]
    public void Finished_shards_count_only_when_nothing_follows_them()
    {
        Seconds(Finished("parent", -5000), Open(caughtUp: -1)).ShouldBe(0);
        Seconds(Finished("one", -5000), Finished("two", -50)).ShouldBe(50);
    }

    [Fact]
    public void What_is_here_is_known_up_to_the_owners_last_sign_of_life_less_what_it_was_behind() => new[]
    {
        AsOf(Open(caughtUp: -0.8, applied: -3600, changed: -3600.2)),
        AsOf(Open(caughtUp: -0.1, applied: -0.1, changed: -0.3)),
        AsOf(Open(caughtUp: -40, applied: -40, changed: -100)),
        AsOf(Open(caughtUp: -1), Open(caughtUp: -20), Open(caughtUp: -5)),
        AsOf(Finished("parent", -5000), Open(caughtUp: -1)),
        AsOf(New(discovered: -30, parent: "parent"), Open(caughtUp: -1) with { ShardId = "parent" }),
    }.Select(seconds => Math.Round(seconds!.Value, 3)).ShouldBe([-0.8, -0.3, -100, -20, -1, -1]);

    [Fact]
    public void While_a_shard_is_not_read_yet_nothing_new_is_known() => new[]
    {
        AsOf(),
        AsOf(New(discovered: -30), Open(caughtUp: -1)),
        AsOf(New(discovered: -30, parent: "trimmed")),
        AsOf(New(discovered: -30, parent: "parent"), Finished("parent", -12)),
        AsOf(Finished("parent", -12)),
    }.ShouldAllBe(seconds => seconds == null);

    private static double? AsOf(params ShardState[] shards) => Lag.AsOf(shards) is { } asOf ? (asOf - Now).TotalSeconds : null;

    private static double Seconds(params ShardState[] shards) => Lag.Of(shards, Now)!.Value.TotalSeconds;

    private static ShardState Open(double caughtUp, double? applied = null, double? changed = null) => new()
    {
        ShardId = "open",
        DiscoveredAt = Now.AddDays(-1),
        CaughtUpAt = Now.AddSeconds(caughtUp),
        AppliedAt = Time(applied),
        LastChangeAt = Time(changed),
    };

    private static ShardState New(double discovered, string? parent = null) =>
        new() { ShardId = "new", ParentShardId = parent, DiscoveredAt = Now.AddSeconds(discovered) };

    private static ShardState Finished(string shardId, double finished) =>
        new() { ShardId = shardId, DiscoveredAt = Now.AddDays(-1), CaughtUpAt = Now.AddSeconds(finished), FinishedAt = Now.AddSeconds(finished) };

    private static DateTimeOffset? Time(double? seconds) => seconds is { } some ? Now.AddSeconds(some) : null;
}
