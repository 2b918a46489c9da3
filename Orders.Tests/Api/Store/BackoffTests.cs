using Orders.Api.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(6, 320)]
    [InlineData(7, 320)]
    [InlineData(5000, 320)]
    public void The_longest_wait_doubles_up_to_a_bound(int tries, int milliseconds) => Backoff.Delay(tries, random: 1).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void A_wait_is_a_random_part_of_the_longest() => Backoff.Delay(3, random: 0.25).ShouldBe(TimeSpan.FromMilliseconds(10));
}
