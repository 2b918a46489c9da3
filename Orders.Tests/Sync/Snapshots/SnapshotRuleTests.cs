using Orders.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Snapshots;

public sealed class SnapshotRuleTests
{
    private static readonly DateTimeOffset Then = SampleOrders.Noon;
    private static readonly SnapshotState Quiet = new(OpenId: null, StoppedAt: null, NewestGapAt: null, KnowsStream: true, WasFilled: true);

    [Fact]
    public void Nothing_begins_while_nothing_is_lost() => SnapshotRule.Decide(Quiet).ShouldBe(SnapshotNeed.Nothing);

    [Fact]
    public void A_gap_begins_one() => SnapshotRule.Decide(Quiet with { NewestGapAt = Then }).ShouldBe(SnapshotNeed.BeginForGap);

    [Fact]
    public void A_first_start_begins_one_as_soon_as_the_shards_are_known()
    {
        SnapshotRule.Decide(Quiet with { WasFilled = false }).ShouldBe(SnapshotNeed.BeginFirst);
        SnapshotRule.Decide(Quiet with { WasFilled = false, KnowsStream = false }).ShouldBe(SnapshotNeed.Nothing);
    }

    [Fact]
    public void Another_table_begins_one_whatever_was_done_before()
    {
        var changed = Quiet with { TableChangedAt = Then };
        SnapshotRule.Decide(changed).ShouldBe(SnapshotNeed.BeginForTable);
        SnapshotRule.Decide(changed with { NewestGapAt = Then }).ShouldBe(SnapshotNeed.BeginForTable);
        SnapshotRule.Decide(changed with { OpenId = 1 }).ShouldBe(SnapshotNeed.Continue);
        SnapshotRule.Decide(changed with { OpenId = 1, StoppedAt = Then.AddMinutes(1) }).ShouldBe(SnapshotNeed.Nothing);
        SnapshotRule.Decide(changed with { OpenId = 1, StoppedAt = Then.AddMinutes(-1) }).ShouldBe(SnapshotNeed.BeginAnew);
    }

    [Fact]
    public void An_open_one_is_finished_first() => SnapshotRule.Decide(Quiet with { OpenId = 1, NewestGapAt = Then }).ShouldBe(SnapshotNeed.Continue);

    [Fact]
    public void A_stopped_one_stays_stopped_until_a_gap_comes_later()
    {
        var stopped = Quiet with { OpenId = 1, StoppedAt = Then };
        SnapshotRule.Decide(stopped).ShouldBe(SnapshotNeed.Nothing);
        SnapshotRule.Decide(stopped with { NewestGapAt = Then.AddMinutes(-1) }).ShouldBe(SnapshotNeed.Nothing);
        SnapshotRule.Decide(stopped with { NewestGapAt = Then.AddMinutes(1) }).ShouldBe(SnapshotNeed.BeginAnew);
    }
}
