using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Sync.Snapshots;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Repair;

/// <summary>Where nothing tells which of two states is later, the table does.</summary>
public sealed class DoubtfulOrdersTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task An_order_that_was_put_again_where_a_snapshot_had_found_it_gone_is_there()
    {
        var order = SampleOrders.Placed(lines: 2);
        var lease = await fixture.LeaseAsync();
        await _parts.ApplyAsync(lease, StreamRecords.Insert(order));
        (await _parts.RunAsync()).Removed.ShouldBe(1);
        var again = order with { Items = [order.Items[0]] };
        await fixture.PutAsync(again);

        await _parts.ApplyAsync(lease, StreamRecords.Insert(again));
        (await _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None)).ShouldBe(1);

        (await RowAsync(order)).ShouldBe("placed1");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", order)).ShouldBe(1);
        (await HistoryAsync(order)).ShouldBe("1 placed1, 2 deleted2, 3 placed1");
        (await _parts.Get<DoubtfulOrders>().ReadAsync(1, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_record_of_a_deleted_order_does_not_bring_it_back()
    {
        var order = SampleOrders.Placed();
        var late = StreamRecords.Insert(order);
        var lease = await fixture.LeaseAsync();
        await _parts.ApplyAsync(lease, StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        (await _parts.RunAsync()).Removed.ShouldBe(1);

        await _parts.ApplyAsync(lease, late);
        await _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None);

        (await RowAsync(order)).ShouldBeNull();
        (await HistoryAsync(order)).ShouldBe("1 placed1, 2 changed2, 3 deleted3");
    }

    [Fact]
    public async Task A_second_life_that_a_snapshot_met_first_is_not_overwritten_by_records_of_the_first()
    {
        var first = SampleOrders.Placed();
        var (paid, again) = (first.Next(OrderStatus.Paid), first with { UpdatedAt = first.UpdatedAt.AddHours(1), Status = OrderStatus.Shipped });
        await fixture.PutAsync(again);
        await _parts.RunAsync();
        var lease = await fixture.LeaseAsync();

        await _parts.ApplyAsync(lease, StreamRecords.Insert(first));
        await SettleAsync("shipped1");
        await _parts.ApplyAsync(lease, StreamRecords.Modify(first, paid));
        await SettleAsync("shipped1");
        await _parts.ApplyAsync(lease, StreamRecords.Remove(paid));
        await SettleAsync("shipped1");
        await _parts.ApplyAsync(lease, StreamRecords.Insert(again));

        (await RowAsync(first)).ShouldBe("shipped1");
        (await HistoryAsync(first)).ShouldBe("1 placed1, 2 changed2, 3 deleted3, 4 placed1");
        (await _parts.Get<DoubtfulOrders>().ReadAsync(1, CancellationToken.None)).ShouldBeEmpty();

        async Task SettleAsync(string row)
        {
            (await RowAsync(first)).ShouldBe(row);
            await _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None);
            (await RowAsync(first)).ShouldBe(row);
        }
    }

    [Fact]
    public async Task A_scanned_order_that_was_written_at_a_lower_version_since_does_not_go_back()
    {
        var order = SampleOrders.Placed();
        var (scanned, lowered) = (order with { Version = 9 }, order with { Version = 4, Status = OrderStatus.Paid });
        var lease = await fixture.LeaseAsync();
        await _parts.ApplyAsync(lease, StreamRecords.Insert(scanned), StreamRecords.Modify(scanned, lowered));
        await fixture.PutAsync(lowered);
        var snapshotId = await _parts.BeginAsync(SnapshotKind.Snapshot);
        var right = (await _parts.Get<SnapshotStore>().TryAcquireAsync(snapshotId, "tests", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
        var pages = new SnapshotPages(right, fixture.Database, _parts.Get<TableProjection>(), _parts.Get<OrderRepair>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        await pages.ApplyAsync(new(new(0, 1, null), [OrderItem.From(scanned)], null, 1), CancellationToken.None);

        (await RowAsync(order)).ShouldBe("paid4");
    }

    [Fact]
    public async Task An_order_that_is_found_gone_after_the_stream_told_of_it_is_deleted_once()
    {
        var order = SampleOrders.Placed();
        var paid = order.Next(OrderStatus.Paid);
        var lease = await fixture.LeaseAsync();
        await _parts.ApplyAsync(lease, StreamRecords.Insert(order), StreamRecords.Modify(order, paid), StreamRecords.Remove(paid));
        // As a snapshot had it from a state that no record told of.
        await fixture.ExecuteAsync(
            "DELETE FROM sync.tombstones; INSERT INTO orders VALUES (@OrderId, @MerchantId, NULL, 'placed', 'INR', 200, @PlacedAt, now(), 1); INSERT INTO sync.doubtful_orders VALUES (@OrderId)",
            order);

        await _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None);

        (await RowAsync(order)).ShouldBeNull();
        (await HistoryAsync(order)).ShouldBe("1 placed1, 2 changed2, 3 deleted3");
    }

    [Fact]
    public async Task A_page_of_an_order_that_the_stream_deleted_meanwhile_is_no_news()
    {
        var order = SampleOrders.Placed();
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(order), StreamRecords.Remove(order));
        var snapshotId = await _parts.BeginAsync(SnapshotKind.Snapshot);
        var right = (await _parts.Get<SnapshotStore>().TryAcquireAsync(snapshotId, "tests", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();

        await _parts.Get<TableProjection>().CommitAsync(right, ChangeSet.Of([new(ChangeKind.Placed, order, 1, OrderJson.Render(order))]), [], CancellationToken.None);

        (await RowAsync(order)).ShouldBeNull();
        (await HistoryAsync(order)).ShouldBe("1 placed1, 2 deleted2");
    }

    [Fact]
    public async Task What_is_noted_again_while_the_table_is_asked_stays_noted()
    {
        var doubts = _parts.Get<DoubtfulOrders>();
        await fixture.ExecuteAsync("INSERT INTO sync.doubtful_orders (order_id) VALUES (gen_random_uuid())");
        var asked = await doubts.ReadAsync(10, CancellationToken.None);
        await fixture.ExecuteAsync("UPDATE sync.doubtful_orders SET noted_by = pg_current_xact_id()");

        await doubts.DeleteAsync(asked, CancellationToken.None);

        (await doubts.ReadAsync(10, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task And_that_others_were_settled_is_noted()
    {
        await fixture.ExecuteAsync("UPDATE sync.doubts_settled SET settled_at = 'epoch'");

        await _parts.Get<DoubtfulOrders>().DeleteAsync([(Guid.CreateVersion7(), 1)], CancellationToken.None);

        (await fixture.ScalarAsync<bool>("SELECT settled_at > clock_timestamp() - interval '1 hour' FROM sync.doubts_settled")).ShouldBeTrue();
    }

    private Task<string?> RowAsync(Order order) => fixture.ScalarAsync<string?>("SELECT status || version FROM orders WHERE order_id = @OrderId", order);

    private Task<string?> HistoryAsync(Order order) =>
        fixture.ScalarAsync<string?>("SELECT string_agg(revision || ' ' || change || version, ', ' ORDER BY revision) FROM order_history WHERE order_id = @OrderId", order);
}
