using System.Text;
using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeEventTests
{
    private static readonly Guid OrderId = Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a");

    [Theory]
    [InlineData("0123abcd-7", 7, 0)]
    [InlineData("0123abcd-18446744073709551615.0199e5bb-8c00-7000-8000-00000000000a.12", ulong.MaxValue, 12)]
    [InlineData("0123abcd-7.0199e5bb-8c00-7000-8000-00000000000a.1769851800123456789", 7, 1769851800123456789)]
    public void An_id_is_read_as_it_is_written(string text, ulong xid, long version)
    {
        ChangeEventId.TryParse(text, out var id).ShouldBeTrue();

        id.ShouldBe(new("0123abcd", new(xid, version == 0 ? Guid.Empty : OrderId, version)));
        id!.ToString().ShouldBe(text);
    }

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

        var change = ChangeEvent.Render(row, "0123abcd", cachedAt: null);

        var lines = Encoding.UTF8.GetString(change.Frame).Split('\n');
        lines.Length.ShouldBe(5);
        lines[0].ShouldBe("event: placed");
        lines[1].ShouldBe($"id: 0123abcd-5.{OrderId}.1");
        lines[2].ShouldStartWith("data: {");
        change.CustomerId.ShouldBe("c-1");
    }
}
