using DynamoStreams.Api;
using Orders.Domain;
using Orders.Tests.DynamoStreams.Conformance;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// The stream's order says what is later, not the version: ids are used again, and other writers lower
/// versions or leave them.
/// </summary>
public sealed class LaterRecordsTests(ProjectionFixture fixture) : ProjectionConformance(fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_that_is_put_again_after_its_deletion_is_there(bool inOneBatch)
    {
        var (first, paid) = Paid($"m-again-{inOneBatch}", lines: 3);
        var again = first with { Items = [first.Items[0] with { Quantity = 7 }], UpdatedAt = first.UpdatedAt.AddMinutes(9) };
        await ApplyAsync(
            inOneBatch, StreamRecords.Insert(first), StreamRecords.Modify(first, paid), StreamRecords.Remove(paid), StreamRecords.Insert(again),
            StreamRecords.Modify(again, again.Next(OrderStatus.Paid)));

        (await RowAsync(first)).ShouldBe("paid2");
        (await LinesAsync(first)).ShouldBe("1x7");
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.tombstones WHERE order_id = @OrderId", first)).ShouldBe(0);
        (await HistoryAsync(first)).ShouldBe("1 placed1, 2 changed2, 3 deleted3, 4 placed1, 5 changed2");
        (await Fixture.ScalarAsync<string>("SELECT string_agg(orders || ' ' || amount, ',') FROM hourly_totals WHERE merchant_id = @MerchantId AND orders <> 0", first)).ShouldBe("1 200.00");
        (await DoubtfulAsync(first)).ShouldBe(0);
        (await Fixture.CachedAsync(first.OrderId))["v"].ShouldBe("2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_life_of_an_order_ends_with_its_deletion(bool inOneBatch)
    {
        var order = SampleOrders.Placed(lines: 1);
        await ApplyAsync(
            inOneBatch, StreamRecords.Insert(order), StreamRecords.Remove(order), StreamRecords.Insert(order), StreamRecords.Remove(order),
            StreamRecords.Insert(order), StreamRecords.Remove(order));

        (await RowAsync(order)).ShouldBeNull();
        (await LinesAsync(order)).ShouldBeNull();
        (await HistoryAsync(order)).ShouldBe("1 placed1, 2 deleted2, 3 placed1, 4 deleted2, 5 placed1, 6 deleted2");
        (await Fixture.CachedAsync(order.OrderId)).ShouldNotContainKey("b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_at_a_lower_version_is_what_is_there_then(bool inOneBatch)
    {
        var first = SampleOrders.Placed(lines: 2);
        var fourth = first with { Version = 4, Status = OrderStatus.Shipped };
        var second = first with { Version = 2, Status = OrderStatus.Cancelled, Items = [first.Items[1] with { OrderItemId = 1 }] };
        var third = second with { Version = 3, Status = OrderStatus.Paid };
        await ApplyAsync(inOneBatch, StreamRecords.Insert(first), StreamRecords.Modify(first, fourth), StreamRecords.Modify(fourth, second), StreamRecords.Modify(second, third));

        (await RowAsync(first)).ShouldBe("paid3");
        (await LinesAsync(first)).ShouldBe("1x2");
        (await HistoryAsync(first)).ShouldBe("1 placed1, 4 changed4, 5 changed2, 6 changed3");
        (await Fixture.CachedAsync(first.OrderId))["v"].ShouldBe("3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_at_the_same_version_is_what_is_there_then_and_so_is_a_return_to_what_was(bool inOneBatch)
    {
        var one = SampleOrders.Placed();
        var other = one with { Status = OrderStatus.Paid };
        await ApplyAsync(inOneBatch, StreamRecords.Insert(one), StreamRecords.Modify(one, other), StreamRecords.Modify(other, one), StreamRecords.Modify(one, other));

        (await RowAsync(one)).ShouldBe("paid1");
        (await HistoryAsync(one)).ShouldBe("1 placed1, 2 changed1, 3 changed1, 4 changed1");
        (await Fixture.CachedAsync(one.OrderId))["b"].ShouldContain("paid");
    }

    [Fact]
    public async Task All_of_it_once_more_changes_nothing_and_doubts_of_nothing_that_ends_as_it_is()
    {
        var (first, paid) = Paid("m-once-more", lines: 1);
        StreamRecord[] records =
        [
            StreamRecords.Insert(first), StreamRecords.Modify(first, paid), StreamRecords.Remove(paid), StreamRecords.Insert(first with { Version = 2 }),
            StreamRecords.Modify(first with { Version = 2 }, first),
        ];
        await ApplyAsync(inOneBatch: true, records);
        var (row, history) = (await RowAsync(first), await HistoryAsync(first));

        await ApplyAsync(inOneBatch: true, records);

        (await DoubtfulAsync(first)).ShouldBe(0);
        await ApplyAsync(inOneBatch: false, records);
        (await RowAsync(first)).ShouldBe(row);
        (await HistoryAsync(first)).ShouldBe(history);
    }

    [Fact]
    public async Task A_record_from_before_what_is_here_leaves_it_and_the_table_is_asked()
    {
        var (first, paid) = Paid("m-before", lines: 1);
        var (late, last) = (StreamRecords.Insert(first), StreamRecords.Modify(paid, paid.Next(OrderStatus.Shipped)));
        await ApplyAsync(true, last);

        await ApplyAsync(true, late);

        (await RowAsync(first)).ShouldBe("shipped3");
        (await HistoryAsync(first)).ShouldBe("1 placed1, 3 changed3");
        (await DoubtfulAsync(first)).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_look_at_the_table_told_of_is_not_told_again_by_its_record()
    {
        var (first, paid) = Paid("m-told", lines: 1);
        StreamRecord[] records = [StreamRecords.Insert(first), StreamRecords.Modify(first, paid)];
        await ApplyAsync(true, records);
        await Fixture.ExecuteAsync(
            "UPDATE orders SET place = NULL WHERE order_id = @OrderId; UPDATE order_history SET place = NULL, feed_xid = '7' WHERE order_id = @OrderId AND version = 2; DELETE FROM order_history WHERE order_id = @OrderId AND version = 1",
            first);

        await ApplyAsync(true, records);

        (await HistoryAsync(first)).ShouldBe("1 placed1, 2 changed2");
        (await Fixture.ScalarAsync<string>("SELECT feed_xid::text FROM order_history WHERE order_id = @OrderId AND version = 2", first)).ShouldBe("7");
        (await Fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId AND place IS NULL", first)).ShouldBe(0);
        (await DoubtfulAsync(first)).ShouldBe(0);
    }

    [Fact]
    public async Task A_life_that_a_look_at_the_table_met_in_the_middle_ends_as_its_batch_tells()
    {
        var (first, paid) = Paid("m-middle", lines: 1);
        StreamRecord[] records = [StreamRecords.Insert(first), StreamRecords.Modify(first, paid), StreamRecords.Remove(paid)];
        await ApplyAsync(true, records[..2]);
        await Fixture.ExecuteAsync("UPDATE orders SET place = NULL WHERE order_id = @OrderId; DELETE FROM order_history WHERE order_id = @OrderId", first);

        await ApplyAsync(true, records);

        (await RowAsync(first)).ShouldBeNull();
        (await HistoryAsync(first)).ShouldBe("1 placed1, 2 changed2, 3 deleted3");
        (await DoubtfulAsync(first)).ShouldBe(0);
    }

    private static (Order First, Order Paid) Paid(string merchant, int lines)
    {
        var first = SampleOrders.Placed(merchant: merchant, lines: lines);
        return (first, first.Next(OrderStatus.Paid));
    }

    private async Task ApplyAsync(bool inOneBatch, params StreamRecord[] records)
    {
        foreach (var batch in inOneBatch ? [records] : records.Chunk(1))
        {
            await ApplyAsync(batch);
        }
    }

    private Task<string?> RowAsync(Order order) => Fixture.ScalarAsync<string?>("SELECT status || version FROM orders WHERE order_id = @OrderId", order);

    private Task<string?> LinesAsync(Order order) =>
        Fixture.ScalarAsync<string?>("SELECT string_agg(order_item_id || 'x' || quantity, ' ' ORDER BY order_item_id) FROM order_items WHERE order_id = @OrderId", order);

    private Task<string?> HistoryAsync(Order order) =>
        Fixture.ScalarAsync<string?>("SELECT string_agg(revision || ' ' || change || version, ', ' ORDER BY revision) FROM order_history WHERE order_id = @OrderId", order);

    private Task<int> DoubtfulAsync(Order order) => Fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = @OrderId", order);
}
