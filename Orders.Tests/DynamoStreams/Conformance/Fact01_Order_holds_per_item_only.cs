using Orders.Domain;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact01_Order_holds_per_item_only(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task A_row_never_goes_back_whatever_order_and_however_often_records_come()
    {
        var placed = SampleOrders.Placed();
        var paid = placed.Next(OrderStatus.Paid);
        await ApplyAsync(StreamRecords.Modify(placed, paid));

        await ApplyAsync(StreamRecords.Insert(placed));
        await ApplyAsync(StreamRecords.Modify(placed, paid), StreamRecords.Insert(placed));

        (await Fixture.ScalarAsync<string>("SELECT status || version FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("paid2");
    }
}
