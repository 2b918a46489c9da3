using Orders.Domain;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Fact22_Hourly_deltas_are_not_idempotent(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Fact]
    public async Task A_record_that_changes_no_row_adds_nothing_to_the_totals()
    {
        var placed = SampleOrders.Placed(amount: 10.10m, merchant: "m-totals");
        var paid = placed.Next(OrderStatus.Paid);
        var (first, second) = (StreamRecords.Insert(placed), StreamRecords.Modify(placed, paid));
        await ApplyAsync(first, second);

        await ApplyAsync(first, second);
        await ApplyAsync(second);

        (await TotalsAsync("m-totals")).ShouldBe("1 10.10");
    }

    [Fact]
    public async Task A_record_from_before_what_is_here_adds_nothing_either()
    {
        var placed = SampleOrders.Placed(amount: 10.10m, merchant: "m-refused");
        var first = StreamRecords.Insert(placed);
        await ApplyAsync(first, StreamRecords.Modify(placed, placed.Next(OrderStatus.Cancelled)));

        await ApplyAsync(first);

        (await TotalsAsync("m-refused")).ShouldBe("0 0");
    }
}
