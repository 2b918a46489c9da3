using System.Text;
using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeRingTests
{
    private static readonly FeedHead Head = new("0123abcd", 10, 10);

    [Fact]
    public void Every_reader_has_its_own_place_and_all_get_the_same_bytes()
    {
        var ring = new ChangeRing(8, long.MaxValue);
        ring.Reset(Head);
        ring.Append([Change(10), Change(11), Change(12)], new(13));

        Read(ring, new(10)).ShouldBe([10, 11, 12]);
        Read(ring, new(11)).ShouldBe([11, 12]);
        Read(ring, Change(11).Position).ShouldBe([12]);
        Read(ring, new(20)).ShouldBeEmpty();
        var (one, other) = (new List<ChangeEvent>(), new List<ChangeEvent>());
        ring.Read(new(10), one, most: 1);
        ring.Read(new(10), other, most: 1);
        one.Single().Frame.ShouldBeSameAs(other.Single().Frame);
    }

    [Fact]
    public void Who_falls_out_of_it_is_told_and_who_is_just_within_reads_on()
    {
        var ring = new ChangeRing(4, long.MaxValue);
        ring.Reset(Head);
        ring.Append([.. Enumerable.Range(10, 9).Select(xid => Change((ulong)xid))], new(19));

        // Four are left: 15 to 18. Behind the fourteenth is all there is.
        Read(ring, Change(14).Position).ShouldBe([15, 16, 17, 18]);
        ring.Read(Change(13).Position, [], most: 9).IsBehind.ShouldBeTrue();
        ring.Read(new(10), [], most: 9).IsBehind.ShouldBeTrue();
    }

    [Fact]
    public void Its_bytes_are_bounded_and_a_change_that_is_too_large_is_in_Postgres_only()
    {
        var ring = new ChangeRing(100, maxBytes: 10 * Change(10).Frame.Length);
        ring.Reset(Head);
        ring.Append([.. Enumerable.Range(10, 30).Select(xid => Change((ulong)xid))], new(40));
        Read(ring, Change(29).Position).Count.ShouldBe(10);
        ring.Read(Change(28).Position, [], most: 99).IsBehind.ShouldBeTrue();

        ring.Append([Change(41, new string('x', 20_000)), Change(42)], new(43));

        ring.Read(Change(39).Position, [], most: 99).IsBehind.ShouldBeTrue();
        Read(ring, Change(41).Position).ShouldBe([42]);
    }

    [Fact]
    public void A_new_beginning_has_another_generation()
    {
        var ring = new ChangeRing(4, long.MaxValue);
        ring.Reset(Head);
        ring.Append([Change(10)], new(11));
        var before = ring.Look();

        ring.Reset(Head with { Feed = "76543210", Horizon = 5 });

        ring.Look().Generation.ShouldNotBe(before.Generation);
        ring.Look().Feed.ShouldBe("76543210");
        Read(ring, new(5)).ShouldBeEmpty();
    }

    [Fact]
    public void A_change_wakes_who_waits_and_an_end_that_moves_does_not()
    {
        var ring = new ChangeRing(4, long.MaxValue);
        ring.Reset(Head);
        var moved = ring.Moved;

        ring.Append([], new(12));
        moved.IsCompleted.ShouldBeFalse();
        ring.Look().End.ShouldBe(new ChangePosition(12));
        ring.Append([Change(12)], new(13));
        moved.IsCompleted.ShouldBeTrue();
    }

    private static List<ulong> Read(ChangeRing ring, ChangePosition after)
    {
        var changes = new List<ChangeEvent>();
        ring.Read(after, changes, most: 100).IsBehind.ShouldBeFalse();
        return [.. changes.Select(change => change.Position.Xid)];
    }

    private static readonly ChangeIdSeal Seal = new(new byte[32]);

    private static ChangeEvent Change(ulong xid, string filler = "") =>
        ChangeEvent.Render(
            new(new(xid, Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a"), 1), 1, "m", "placed", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($"{{\"filler\":\"{filler}\"}}")),
            Head.Feed, Seal, cachedAt: null);
}
