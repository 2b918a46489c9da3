using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class OrderIdsTests
{
    [Theory]
    [InlineData("019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a", true)]
    [InlineData("019C133D-5740-7C3E-9B1A-2F8E6D4C5B3A", true)]
    [InlineData(" 019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a", false)]
    [InlineData("019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a\n", false)]
    [InlineData("{019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a}", false)]
    [InlineData("019c133d57407c3e9b1a2f8e6d4c5b3a", false)]
    [InlineData("019c133d-5740-7c3e-9b1a-2f8e6d4c5b3g", false)]
    [InlineData("", false)]
    public void An_order_id_is_a_uuid_in_groups_of_8_4_4_4_12_and_nothing_around_it(string text, bool isId) =>
        OrderIds.TryRead(text, out _).ShouldBe(isId);
}
