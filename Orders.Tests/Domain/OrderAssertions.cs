using Orders.Domain;
using Shouldly;

namespace Orders.Tests.Domain;

internal static class OrderAssertions
{
    /// <summary>
    /// Equal in every member. A record compares a list by reference, and a decimal without its digits.
    /// </summary>
    public static void ShouldBeTheOrder(this Order? actual, Order expected)
    {
        actual.ShouldNotBeNull();
        actual.Items.ShouldBe(expected.Items);
        (actual with { Items = expected.Items }).ShouldBe(expected);
        OrderJson.Render(actual).ShouldBe(OrderJson.Render(expected));
    }
}
