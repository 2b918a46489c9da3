using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Orders.Api.Http;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Http;

public sealed class IfMatchTests
{
    [Theory]
    [InlineData("*", true)]
    [InlineData("\"3\"", true)]
    [InlineData("\"2\"", false)]
    [InlineData("\"1\", \"3\"", true)]
    [InlineData("\"1\",\"2\" , \"4\"", false)]
    [InlineData("W/\"3\"", false)]
    [InlineData("W/\"3\", \"3\"", true)]
    [InlineData("\"abc\"", false)]
    [InlineData("\"03\"", false)]
    [InlineData("\"+3\"", false)]
    [InlineData("\"\"", false)]
    public void The_third_version_is_allowed_by_its_strong_tag_or_a_star(string header, bool isAllowed)
    {
        IfMatch.TryRead(Headers(header), out var ifMatch).ShouldBeTrue();
        ifMatch.Allows(3).ShouldBe(isAllowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("3")]
    [InlineData("\"3")]
    [InlineData("'3'")]
    [InlineData("*, \"3\"")]
    [InlineData("\"1\" \"3\"")]
    public void What_is_no_list_of_entity_tags_is_refused(string header) => IfMatch.TryRead(Headers(header), out _).ShouldBeFalse();

    [Fact]
    public void Two_headers_are_one_list()
    {
        IfMatch.TryRead(Headers("\"1\"", "\"3\""), out var ifMatch).ShouldBeTrue();
        ifMatch.Allows(3).ShouldBeTrue();
    }

    [Fact]
    public void Without_the_header_every_version_is_allowed()
    {
        IfMatch.TryRead(new HeaderDictionary(), out var ifMatch).ShouldBeTrue();
        ifMatch.IsAny.ShouldBeTrue();
        ifMatch.Allows(3).ShouldBeTrue();
    }

    private static HeaderDictionary Headers(params string[] values) => new() { ["If-Match"] = new StringValues(values) };
}
