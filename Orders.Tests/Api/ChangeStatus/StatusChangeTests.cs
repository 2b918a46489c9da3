using Orders.Api.ChangeStatus;
using Orders.Domain;
using Orders.Tests.Domain;
using Orders.Tests.Sync;
using Xunit;

namespace Orders.Tests.Api.ChangeStatus;

public sealed class StatusChangeTests
{
    private static readonly Order Placed = SampleOrders.Placed(lines: 2, customer: "customer-7") with { TraceParent = "the first" };

    [Fact]
    public void A_change_raises_the_version_and_touches_nothing_else() => Placed
        .To(OrderStatus.Paid, SampleOrders.Noon.AddSeconds(5).AddTicks(1234), "the second")
        .ShouldBeTheOrder(Placed with { Status = OrderStatus.Paid, Version = 2, UpdatedAt = SampleOrders.Noon.AddSeconds(5), TraceParent = "the second" });

    [Fact]
    public void A_change_by_a_clock_that_is_behind_does_not_turn_back_the_orders_time() => Placed
        .To(OrderStatus.Paid, SampleOrders.Noon.AddSeconds(-5), null)
        .ShouldBeTheOrder(Placed with { Status = OrderStatus.Paid, Version = 2, TraceParent = null });
}
