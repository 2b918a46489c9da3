using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Query.Waiting;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class WaitersTests
{
    private static readonly Guid OrderId = Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a");
    private static readonly Caller Everyone = new("everyone", [Caller.EveryMerchant], Scopes.All);
    private static readonly Caller Limited = new("limited", ["merchant-a"], Scopes.All);

    private readonly Waiters _waiters = new(limit: 6);

    [Theory]
    [InlineData(2, "merchant-a", true)]
    [InlineData(3, "merchant-a", true)]
    [InlineData(1, "merchant-a", false)]
    [InlineData(2, "merchant-z", false)]
    public void A_waiter_wakes_at_its_version_or_a_later_one_of_an_order_that_it_may_see(long version, string merchant, bool wakes)
    {
        using var waiter = _waiters.TryAdd(OrderId, minVersion: 2, Limited)!;

        _waiters.OnChange(OrderId, version, merchant);

        waiter.Woken.IsCompleted.ShouldBe(wakes);
    }

    [Fact]
    public void Everybody_who_waits_for_the_order_wakes_and_nobody_else()
    {
        using var one = _waiters.TryAdd(OrderId, 1, Everyone)!;
        using var two = _waiters.TryAdd(OrderId, 1, Limited)!;
        using var other = _waiters.TryAdd(Guid.Empty, 1, Everyone)!;

        _waiters.OnChange(new ChangeMessage(OrderId, 1, "merchant-a", ChangeKind.Placed));

        new[] { one, two, other }.Select(waiter => waiter.Woken.IsCompleted).ShouldBe([true, true, false]);
    }

    [Fact]
    public void Who_leaves_makes_room_and_is_not_looked_for()
    {
        var waiters = Enumerable.Range(0, 3).Select(_ => _waiters.TryAdd(OrderId, 1, Everyone)!).ToList();
        // One key has half of the places, and another one finds some.
        _waiters.TryAdd(OrderId, 1, Everyone).ShouldBeNull();
        using (_waiters.TryAdd(OrderId, 1, Limited).ShouldNotBeNull())
        {
        }

        foreach (var waiter in waiters)
        {
            waiter.Dispose();
            waiter.Dispose();
        }

        _waiters.IsIdle.ShouldBeTrue();
        _waiters.OrderIds(out _).ShouldBeEmpty();
        _waiters.TryAdd(OrderId, 1, Everyone).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_first_to_come_is_told_of_and_newcomers_are_told_once()
    {
        var any = _waiters.AnyAsync(CancellationToken.None);
        any.IsCompleted.ShouldBeFalse();

        using var waiter = _waiters.TryAdd(OrderId, 1, Everyone)!;

        await any;
        _waiters.AnyAsync(CancellationToken.None).IsCompleted.ShouldBeTrue();
        _waiters.OrderIds(out var newcomers).ShouldBe([OrderId]);
        newcomers.ShouldBeTrue();
        _waiters.OrderIds(out newcomers);
        newcomers.ShouldBeFalse();
    }

    [Fact]
    public void Closing_wakes_everybody_and_lets_nobody_in()
    {
        using var waiter = _waiters.TryAdd(OrderId, 1, Everyone)!;

        _waiters.Close();

        waiter.Woken.IsCompleted.ShouldBeTrue();
        _waiters.TryAdd(OrderId, 1, Everyone).ShouldBeNull();
    }
}
