using Orders.Domain;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact01_Order_holds_per_item_only(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    private const string Row = "SELECT status || version FROM orders WHERE order_id = @OrderId";

    [Fact]
    public async Task A_row_never_goes_back_when_an_older_record_comes_after_a_newer()
    {
        var placed = SampleOrders.Placed();
        var first = StreamRecords.Insert(placed);
        await ApplyAsync(StreamRecords.Modify(placed, placed.Next(OrderStatus.Paid)));

        await ApplyAsync(first);

        (await Fixture.ScalarAsync<string>(Row, placed)).ShouldBe("paid2");
    }

    [Fact]
    public async Task Nor_when_they_come_in_one_batch_in_any_order_and_more_than_once()
    {
        var placed = SampleOrders.Placed();
        var (first, second) = (StreamRecords.Insert(placed), StreamRecords.Modify(placed, placed.Next(OrderStatus.Paid)));

        await ApplyAsync(first, second, first);
        await ApplyAsync(second, first, second);

        (await Fixture.ScalarAsync<string>(Row, placed)).ShouldBe("paid2");
    }
}
