using Orders.ServiceDefaults.FairShares;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults.FairShares;

public sealed class KeySharesTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 66)]
    [InlineData(9, 90)]
    public void Greedy_keys_leave_room_for_a_newcomer(int keys, int most)
    {
        var share = new KeyShares(100);

        for (var n = 0; n < 100; n++)
        {
            for (var key = 0; key < keys; key++)
            {
                _ = share.TryTake($"key-{key}", 1, out _);
            }
        }

        share.Total.ShouldBeInRange(most - keys, most + 1);
        share.TryTake("newcomer", 1, out _).ShouldNotBeNull();
    }

    [Fact]
    public void A_refusal_says_whose_fault_it_is()
    {
        var share = new KeyShares(4);

        share.TryTake("a", 2, out _).ShouldNotBeNull();
        share.TryTake("a", 1, out var isOwnFault).ShouldBeNull();
        isOwnFault.ShouldBeTrue();
        share.TryTake("b", 2, out _).ShouldNotBeNull();
        share.TryTake("c", 1, out isOwnFault).ShouldBeNull();
        isOwnFault.ShouldBeFalse();
    }

    [Fact]
    public void What_is_given_back_is_free_again_and_only_once()
    {
        var share = new KeyShares(2);
        var first = share.TryTake("a", 1, out _);
        var second = share.TryTake("b", 1, out _);

        first.ShouldNotBeNull().Dispose();
        first.Dispose();

        share.Total.ShouldBe(1);
        share.TryTake("c", 1, out _).ShouldNotBeNull();
        second.ShouldNotBeNull();
    }

    [Fact]
    public void More_than_there_is_is_never_given()
    {
        var share = new KeyShares(3);

        share.TryTake("a", 4, out _).ShouldBeNull();
        share.TryTake("a", 3, out _).ShouldNotBeNull();
    }
}
