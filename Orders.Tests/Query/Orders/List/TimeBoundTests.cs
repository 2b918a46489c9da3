using Orders.Domain;
using Orders.Query.Http;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class TimeBoundTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00.000Z")]
    [InlineData("20260131", "2026-01-31T00:00:00.000Z")]
    [InlineData("2026-01-31T09", "2026-01-31T09:00:00.000Z")]
    [InlineData("2026-01-31T09:30", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T09:30:15", "2026-01-31T09:30:15.000Z")]
    [InlineData("2026-01-31t09:30:15z", "2026-01-31T09:30:15.000Z")]
    [InlineData("20260131T093015Z", "2026-01-31T09:30:15.000Z")]
    [InlineData("2026-01-31T09:30:15.5Z", "2026-01-31T09:30:15.500Z")]
    [InlineData("2026-01-31T09:30:15,123456789Z", "2026-01-31T09:30:15.123Z")]
    [InlineData("2026-01-31T15:00:00+05:30", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T15:00:00 05:30", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T15:00:00+0530", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T04:30:00-05", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T23:30:00-12:00", "2026-02-01T11:30:00.000Z")]
    [InlineData("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T23:59:60", "2017-01-01T00:00:00.000Z")]
    [InlineData("2015-06-30T23:59:60.75z", "2015-07-01T00:00:00.750Z")]
    [InlineData("2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00.000Z")]
    [InlineData("2016-12-31T15:59:60-08:00", "2017-01-01T00:00:00.000Z")]
    [InlineData("20161231T235960Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2026-01-31T09:30:00-00:00", "2026-01-31T09:30:00.000Z")]
    [InlineData("2026-01-31T09:30:15.123456789012Z", "2026-01-31T09:30:15.123Z")]
    [InlineData("2026-01-31T15:00:15.12345678901234567890123456789012345678901234567890+05:30", "2026-01-31T09:30:15.123Z")]
    public void ISO_8601_is_read_with_any_offset(string text, string utc)
    {
        TimeBound.TryParse(text, out var time).ShouldBeTrue();

        (Timestamp.Text(time), time.Offset).ShouldBe((utc, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("now")]
    [InlineData("1769851800")]
    [InlineData("31/01/2026")]
    [InlineData("2026-1-31")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-29")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T09:60:00Z")]
    [InlineData("2026-01-31T09:30:60Z")]
    [InlineData("2026-01-30T23:59:60Z")]
    [InlineData("2026-01-31T23:59:61Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("2026-01-31 09:30:00Z")]
    [InlineData("2026-01-31Z")]
    [InlineData("2026-01-31T09:30:00+24:00")]
    [InlineData("2026-01-31T09:30:00+05:60")]
    [InlineData("2026-01-31T09:30:00+5")]
    [InlineData("2026-01-31T09:30:00+")]
    [InlineData("2026-01-31T09:30:00 ")]
    [InlineData("2026-01-31T09:30:00ZZ")]
    [InlineData("2026-01-31T09:30:00.Z")]
    [InlineData("2026-01-31T09:30:00Z\n")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("٢٠٢٦-٠١-٣١")]
    [InlineData("2026-01-31T09:30:15.12345678901234567890123456789012345678901234567890+05:3")]
    [InlineData("2026-00-31")]
    [InlineData("2026-01-00")]
    [InlineData("0000-01-01")]
    [InlineData("2026-0131")]
    [InlineData("202601-31")]
    public void What_is_no_time_is_refused(string text) => TimeBound.TryParse(text, out _).ShouldBeFalse();
}
