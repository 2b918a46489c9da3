using System.Text;
using Orders.Domain;
using Orders.Domain.Cache;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeMessageTests
{
    private const string Id = "0199e5bb-8c00-7000-8000-00000000000a";

    [Theory]
    [InlineData("placed", 0)]
    [InlineData("changed", 1)]
    [InlineData("deleted", 2)]
    public void A_line_tells_of_a_change(string word, int kind)
    {
        ChangeMessage.TryRead(Encoding.UTF8.GetBytes($"{Id} 12 merchant-102 {word}"), out var change).ShouldBeTrue();

        change.ShouldBe(new ChangeMessage(Guid.Parse(Id), 12, "merchant-102", (ChangeKind)kind));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData(" ")]
    [InlineData("x placed")]
    [InlineData("zażółć@example.com")]
    public void A_merchants_id_may_have_spaces(string merchant)
    {
        ChangeMessage.TryRead(Encoding.UTF8.GetBytes($"{Id} 1769851800123456789 {merchant} changed"), out var change).ShouldBeTrue();

        change.ShouldBe(new ChangeMessage(Guid.Parse(Id), 1769851800123456789, merchant, ChangeKind.Changed));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData(Id)]
    [InlineData(Id + " 1")]
    [InlineData(Id + " 1 m")]
    [InlineData(Id + " 1 m vanished")]
    [InlineData(Id + " 1  placed")]
    [InlineData(Id + " 1 m placed ")]
    [InlineData(Id + " 0 m placed")]
    [InlineData(Id + " -1 m placed")]
    [InlineData(Id + " 1x m placed")]
    [InlineData(Id + "0 1 m placed")]
    [InlineData("0199e5bb8c007000800000000000000a 1 m placed")]
    [InlineData("{0199e5bb-8c00-7000-8000-00000000000a} 1 m placed")]
    public void A_line_of_another_form_is_passed_over(string line) =>
        ChangeMessage.TryRead(Encoding.UTF8.GetBytes(line), out _).ShouldBeFalse();
}
