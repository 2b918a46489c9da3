using Orders.Domain;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact20_A_late_record_can_resurrect_a_row(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task But_for_a_tombstone_that_outlives_the_streams_24_hours()
    {
        var placed = SampleOrders.Placed(merchant: "m-late");
        var paid = placed.Next(OrderStatus.Paid);
        var change = StreamRecords.Modify(placed, paid);
        await ApplyAsync(StreamRecords.Insert(placed), change);
        await ApplyAsync(StreamRecords.Remove(paid));

        // A day later.
        await Fixture.ExecuteAsync("UPDATE sync.tombstones SET deleted_at = now() - interval '25 hours' WHERE order_id = @OrderId", placed);
        await ApplyAsync(change);

        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", placed)).ShouldBe(0);
        (await Fixture.ScalarAsync<string>("SELECT sum(orders)::text FROM hourly_totals WHERE merchant_id = 'm-late'")).ShouldBe("0");
    }
}
