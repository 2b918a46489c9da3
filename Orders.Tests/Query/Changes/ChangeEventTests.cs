using System.Text;
using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeEventTests
{
    private static readonly Guid OrderId = Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a");

    private static readonly ChangeIdSeal Seal = new("a key of one service"u8.ToArray());

    [Theory]
    [InlineData(7, 0)]
    [InlineData(ulong.MaxValue, 12)]
    [InlineData(7, 1769851800123456789)]
    public void An_id_is_read_as_it_is_written_by_whoever_has_the_key(ulong xid, long version)
    {
        var id = new ChangeEventId("0123abcd", new(xid, version == 0 ? Guid.Empty : OrderId, version));

        new ChangeIdSeal("a key of one service"u8.ToArray()).TryOpen(Seal.Close(id), out var opened).ShouldBeTrue();

        opened.ShouldBe(id);
    }

    [Fact]
    public void Ids_are_alike_in_length_and_never_twice_the_same()
    {
        var ids = Enumerable.Range(0, 100).Select(number => Seal.Close(new("0123abcd", number % 2 == 0 ? new(1) : new(ulong.MaxValue, OrderId, long.MaxValue)))).ToArray();

        ids.Select(id => id.Length).Distinct().ShouldHaveSingleItem();
        ids.ShouldBeUnique();
    }

    [Fact]
    public void An_id_that_was_changed_or_is_of_another_key_or_an_earlier_version_is_of_no_feed()
    {
        var id = Seal.Close(new("0123abcd", new(7, OrderId, 1)));
        string[] others =
        [
            new ChangeIdSeal("a key of another one"u8.ToArray()).Close(new("0123abcd", new(7))), "0123abcd-7", $"0123abcd-7.{OrderId}.12",
            .. Enumerable.Range(0, id.Length).Select(at => $"{id[..at]}{(id[at] == 'A' ? 'B' : 'A')}{id[(at + 1)..]}"),
        ];

        foreach (var other in others)
        {
            Seal.TryOpen(other, out var opened).ShouldBeTrue(other);
            opened!.Feed.ShouldBe("", other);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("made-up")]
    [InlineData("0123abcd-")]
    [InlineData("0123abcd7")]
    [InlineData("0123abcd-7;DROP")]
    public void What_is_no_id_is_none(string text) => Seal.TryOpen(text, out _).ShouldBeFalse();

    // Postgres compares uuids byte by byte, as they are written.
    [Fact]
    public void Places_are_in_the_order_of_transaction_then_order_then_version()
    {
        ChangePosition[] ordered =
        [
            new(1), new(1, Guid.Parse("00000000-0000-0000-0000-000000000001"), 1), new(1, Guid.Parse("00000000-0000-0000-ff00-000000000001"), 1),
            new(1, Guid.Parse("00000000-ff00-0000-0000-000000000001"), 1), new(1, Guid.Parse("01000000-0000-0000-0000-000000000001"), 9),
            new(1, Guid.Parse("ff000000-0000-0000-0000-000000000001"), 2), new(1, Guid.Parse("ff000000-0000-0000-0000-000000000001"), 10), new(2), new(10),
        ];

        ordered.Reverse().Order().ShouldBe(ordered);
        (ordered[3] > ordered[2] && ordered[2] < ordered[3]).ShouldBeTrue();
    }

    [Fact]
    public void An_order_with_line_ends_in_it_is_still_one_line_of_data()
    {
        var row = new ChangeRow(
            new(5, OrderId, 1), 1, "m", "placed", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("{\r\n  \"items\": [{\"customer_id\": \"no\"}],\n  \"customer_id\": \"c-1\"\n}"));

        var change = ChangeEvent.Render(row, "0123abcd", Seal, cachedAt: null);

        var lines = Encoding.UTF8.GetString(change.Frame).Split('\n');
        lines.Length.ShouldBe(5);
        lines[0].ShouldBe("event: placed");
        lines[1].ShouldStartWith("id: ");
        (Seal.TryOpen(lines[1]["id: ".Length..], out var id) ? id : null).ShouldBe(new("0123abcd", row.Position));
        lines[2].ShouldStartWith("data: {");
        change.CustomerId.ShouldBe("c-1");
    }
}
