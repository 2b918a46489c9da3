using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31t09:30:00z", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31 09:30:00.5Z", "2026-01-31T09:30:00.500Z")]
    [InlineData("2026-01-31T09:30:00.1239999Z", "2026-01-31T09:30:00.123Z")]
    [InlineData("2026-01-31T09:30:00.123456789123Z", "2026-01-31T09:30:00.123Z")]
    [InlineData("2026-01-31T15:00:00+05:30", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2017-01-01T05:29:60.5+05:30", "2017-01-01T00:00:00.500Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z")]
    public void A_time_is_read_to_the_millisecond(string text, string expected)
    {
        Rfc3339.TryParse(text, out var time).ShouldBeTrue();

        Timestamp.Text(time).ShouldBe(expected);
        time.Offset.ShouldBe(TimeSpan.Zero);
        (time.Ticks % TimeSpan.TicksPerMillisecond).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("03/04/2026")]
    [InlineData("10:30")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T09:30:00")]
    [InlineData("2026-01-31T09:30Z")]
    [InlineData("2026-01-31T09:30:00.Z")]
    [InlineData("2026-01-31T09:30:00.5")]
    [InlineData("2026-01-31T09:30:00+0530")]
    [InlineData("2026-01-31T09:30:00+05:60")]
    [InlineData("2026-01-31T09:30:00Z ")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T09:30:60Z")]
    [InlineData("2026-02-30T09:30:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("２026-01-31T09:30:00Z")]
    [InlineData("20260131T093000Z")]
    public void Nothing_else_is_taken_for_a_time(string text) => Rfc3339.TryParse(text, out _).ShouldBeFalse();
}
