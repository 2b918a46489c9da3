using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Orders.Api.Place;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("k")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"quoted\"")]
    [InlineData("!~#")]
    public void A_key_of_visible_ASCII_is_taken_as_it_is(string value)
    {
        Read(out var key, value).ShouldBeTrue();
        key.ShouldBe(value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("clé")]
    [InlineData("a\u007f")]
    public void A_key_of_other_characters_is_refused(string value) => Read(out _, value).ShouldBeFalse();

    [Fact]
    public void A_key_has_at_most_255_characters()
    {
        Read(out _, new string('k', 255)).ShouldBeTrue();
        Read(out _, new string('k', 256)).ShouldBeFalse();
    }

    [Fact]
    public void A_request_has_one_key_or_none()
    {
        Read(out _, "a", "b").ShouldBeFalse();
        IdempotencyKey.TryRead(new HeaderDictionary(), out var none).ShouldBeTrue();
        none.ShouldBeNull();
    }

    private static bool Read(out string? key, params string[] values) =>
        IdempotencyKey.TryRead(new HeaderDictionary { [IdempotencyKey.Header] = new StringValues(values) }, out key);
}
