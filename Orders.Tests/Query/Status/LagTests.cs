using Orders.Query.Status;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class LagTests
{
    private const string Stream = "arn:stream";
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Without_any_shard_the_lag_is_not_known() => Lag.Of(new(Now, [], Now)).ShouldBeNull();

    [Fact]
    public void While_nothing_happens_and_the_owner_is_there_the_lag_is_zero() =>
        Seconds(Open(caughtUp: -0.8, applied: -3600)).ShouldBe(0);

    [Fact]
    public void A_shard_that_never_had_a_record_has_no_lag_while_its_owner_is_there() => Seconds(Open(caughtUp: -1)).ShouldBe(0);

    [Fact]
    public void While_records_are_applied_the_lag_is_from_when_nothing_was_left_before_them_to_their_commit() =>
        Seconds(Open(caughtUp: -0.3, applied: -0.1)).ShouldBe(0.2, tolerance: 0.001);

    [Fact]
    public void A_backlog_that_is_worked_through_shows_although_the_owner_is_there() =>
        Seconds(Open(caughtUp: -600, applied: -0.5)).ShouldBe(599.5, tolerance: 0.001);

    [Fact]
    public void Of_a_shard_that_always_has_more_the_streams_own_time_counts_which_is_rounded_down_to_seconds() => new[]
    {
        Seconds(Open(caughtUp: -600, applied: -0.5, appliedTo: -20)),
        Seconds(Open(caughtUp: -600, applied: -0.5, appliedTo: -1)),
        Seconds(Open(caughtUp: -600, applied: -30, appliedTo: -40)),
    }.Select(seconds => Math.Round(seconds, 3)).ShouldBe([18.5, 0, 40]);

    [Theory]
    [InlineData(-238_926_315)]
    [InlineData(238_926_315)]
    public void A_writers_clock_is_in_neither(double changed)
    {
        var shard = Open(caughtUp: -0.3, applied: -0.1) with { LastChangeAt = Now.AddSeconds(changed) };
        var silent = Open(caughtUp: -40, applied: -50) with { LastChangeAt = Now.AddSeconds(changed) };

        (Seconds(shard), Seconds(silent)).ShouldBe((0.2, 40));
        (AsOf(shard), AsOf(silent)).ShouldBe((-0.3, -40));
    }

    [Fact]
    public void Where_the_shards_were_last_listed_long_ago_there_may_be_others_since_then()
    {
        var shards = new[] { Open(caughtUp: -1) };

        (Lag.Of(new(Now, shards, Now.AddSeconds(-59)))!.Value.TotalSeconds, Lag.AsOf(new(Now, shards, Now.AddSeconds(-59)))).ShouldBe((0, Now.AddSeconds(-1)));
        (Lag.Of(new(Now, shards, Now.AddSeconds(-61)))!.Value.TotalSeconds, Lag.AsOf(new(Now, shards, Now.AddSeconds(-61)))).ShouldBe((61, Now.AddSeconds(-61)));
        (Lag.Of(new(Now, shards, null))!.Value.TotalSeconds, Lag.AsOf(new(Now, shards, null))).ShouldBe((0, Now.AddSeconds(-1)));
    }

    [Fact]
    public void Once_the_owner_is_silent_the_lag_grows_with_the_time() =>
        Seconds(Open(caughtUp: -40, applied: -3600)).ShouldBe(40);

    [Fact]
    public void What_was_behind_when_the_owner_fell_silent_counts_as_well() =>
        Seconds(Open(caughtUp: -100, applied: -40)).ShouldBe(100);

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
    public void A_parent_is_one_of_its_own_stream() =>
        Seconds(New(discovered: -30, parent: "parent"), Open(caughtUp: -1) with { StreamArn = "another", ShardId = "parent" }).ShouldBe(30);

    [Fact]
    public void Finished_shards_count_only_when_nothing_follows_them()
    {
        Seconds(Finished("parent", -5000), Open(caughtUp: -1)).ShouldBe(0);
        Seconds(Finished("one", -5000), Finished("two", -50)).ShouldBe(50);
    }

    [Fact]
    public void What_is_here_is_known_up_to_when_the_shard_that_is_furthest_behind_had_nothing_more() => new[]
    {
        AsOf(Open(caughtUp: -0.8, applied: -3600)),
        AsOf(Open(caughtUp: -0.3, applied: -0.1)),
        AsOf(Open(caughtUp: -100, applied: -40, appliedTo: -50)),
        AsOf(Open(caughtUp: -1), Open(caughtUp: -20), Open(caughtUp: -5)),
        AsOf(Finished("parent", -5000), Open(caughtUp: -1)),
        AsOf(New(discovered: -30, parent: "parent"), Open(caughtUp: -1) with { ShardId = "parent" }),
    }.Select(seconds => Math.Round(seconds!.Value, 3)).ShouldBe([-0.8, -0.3, -50, -20, -1, -1]);

    [Fact]
    public void While_a_shard_is_not_read_yet_nothing_new_is_known() => new[]
    {
        AsOf(),
        AsOf(New(discovered: -30), Open(caughtUp: -1)),
        AsOf(New(discovered: -30, parent: "trimmed")),
        AsOf(New(discovered: -30, parent: "parent"), Finished("parent", -12)),
        AsOf(Finished("parent", -12)),
    }.ShouldAllBe(seconds => seconds == null);

    private static double? AsOf(params ShardFreshness[] shards) => Lag.AsOf(new(Now, shards, Now)) is { } asOf ? (asOf - Now).TotalSeconds : null;

    private static double Seconds(params ShardFreshness[] shards) => Lag.Of(new(Now, shards, Now))!.Value.TotalSeconds;

    private static ShardFreshness Open(double caughtUp, double? applied = null, double? appliedTo = null) => new()
    {
        StreamArn = Stream,
        ShardId = "open",
        DiscoveredAt = Now.AddDays(-1),
        CaughtUpAt = Now.AddSeconds(caughtUp),
        AppliedAt = Time(applied),
        AsOf = Now.AddSeconds(appliedTo ?? caughtUp),
    };

    private static ShardFreshness New(double discovered, string? parent = null) =>
        new() { StreamArn = Stream, ShardId = "new", ParentShardId = parent, DiscoveredAt = Now.AddSeconds(discovered) };

    private static ShardFreshness Finished(string shardId, double finished) =>
        new() { StreamArn = Stream, ShardId = shardId, DiscoveredAt = Now.AddDays(-1), CaughtUpAt = Now.AddSeconds(finished), FinishedAt = Now.AddSeconds(finished) };

    private static DateTimeOffset? Time(double? seconds) => seconds is { } some ? Now.AddSeconds(some) : null;
}
