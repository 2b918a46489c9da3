using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class OrderStatusTests
{
    // The whole matrix, as one reads it in the design: placed → paid → shipped → completed, or cancelled
    // before shipped.
    private static readonly Dictionary<OrderStatus, OrderStatus[]> Steps = new()
    {
        [OrderStatus.Placed] = [OrderStatus.Paid, OrderStatus.Cancelled],
        [OrderStatus.Paid] = [OrderStatus.Shipped, OrderStatus.Cancelled],
        [OrderStatus.Shipped] = [OrderStatus.Completed],
        [OrderStatus.Completed] = [],
        [OrderStatus.Cancelled] = [],
    };

    public static TheoryData<OrderStatus, OrderStatus> Pairs()
    {
        var pairs = new TheoryData<OrderStatus, OrderStatus>();
        foreach (var from in Enum.GetValues<OrderStatus>())
        {
            foreach (var to in Enum.GetValues<OrderStatus>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_order_takes_the_steps_of_the_design_and_no_other(OrderStatus from, OrderStatus to) => from.MayBecome(to).ShouldBe(Steps[from].Contains(to));

    [Fact]
    public void The_next_statuses_are_those_it_may_become()
    {
        foreach (var (from, to) in Steps)
        {
            from.Next().ShouldBe(to);
        }
    }

    [Fact]
    public void Every_status_is_found_by_its_name_and_only_by_that()
    {
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            OrderStatuses.TryFind(status.Name(), out var found).ShouldBeTrue();
            found.ShouldBe(status);
        }

        OrderStatuses.TryFind("Placed", out _).ShouldBeFalse();
        OrderStatuses.TryFind("0", out _).ShouldBeFalse();
        OrderStatuses.TryFind("", out _).ShouldBeFalse();
    }
}
