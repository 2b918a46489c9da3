using System.Text;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class TimestampTests
{
    [Fact]
    public void A_time_is_written_in_UTC_with_milliseconds()
    {
        var time = new DateTimeOffset(2026, 1, 31, 15, 0, 0, 7, TimeSpan.FromHours(5.5)).AddTicks(9_999);
        Span<byte> utf8 = stackalloc byte[24];

        Timestamp.Text(time).ShouldBe("2026-01-31T09:30:00.007Z");
        Timestamp.TryFormat(time, utf8, out var written).ShouldBeTrue();
        Encoding.UTF8.GetString(utf8[..written]).ShouldBe("2026-01-31T09:30:00.007Z");
    }

    [Fact]
    public void What_is_kept_of_a_time_is_what_is_written()
    {
        var kept = Timestamp.Truncate(new DateTimeOffset(2026, 1, 31, 15, 0, 0, TimeSpan.FromHours(5.5)).AddTicks(1_239_999));

        kept.Offset.ShouldBe(TimeSpan.Zero);
        Timestamp.TryParse(Encoding.UTF8.GetBytes(Timestamp.Text(kept)), out var read).ShouldBeTrue();
        read.ShouldBe(kept);
    }

    [Theory]
    [InlineData("2026-01-31T09:30:00Z")]
    [InlineData("2026-01-31T09:30:00.0000000Z")]
    [InlineData("2026-01-31T15:00:00+05:30")]
    public void A_time_of_any_offset_is_read_as_UTC(string text)
    {
        Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out var time).ShouldBeTrue();

        time.ShouldBe(new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero));
        time.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-02-30T09:30:00Z")]
    public void What_is_no_time_is_refused(string text) => Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
}
