using Microsoft.Extensions.Primitives;
using Orders.Query.ById;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class PreferWaitTests
{
    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("Wait = 10", 10)]
    [InlineData("wait=\"10\"", 10)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("respond-async;a=\"x, wait=3\", wait=10; foo=bar", 10)]
    [InlineData("wait=10, wait=20", 10)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=30", 30)]
    [InlineData("wait=31", 30)]
    [InlineData("wait=99999999999999999999", 30)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1.5", null)]
    [InlineData("wait=", null)]
    [InlineData("wait", null)]
    [InlineData("wait=soon", null)]
    [InlineData("wait=soon, wait=5", null)]
    [InlineData("waiting=5", null)]
    [InlineData("handling=\"wait=5\"", null)]
    [InlineData("\"wait=5", null)]
    [InlineData("", null)]
    public void A_preference_is_read_as_RFC_7240_has_it(string header, int? seconds) => PreferWait.Read(header).ShouldBe(seconds);

    [Fact]
    public void The_first_of_several_headers_counts() => PreferWait.Read(new StringValues(["respond-async", "wait=7", "wait=9"])).ShouldBe(7);

    [Fact]
    public void Without_the_header_nothing_is_preferred() => PreferWait.Read(StringValues.Empty).ShouldBeNull();
}
