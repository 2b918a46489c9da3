using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Embedded;

public sealed class OrderViewTests : IDisposable
{
    private const string Current = "SELECT right(order_id::VARCHAR, 1), version, status, amount::VARCHAR FROM orders_current ORDER BY 1";

    private readonly ViewLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Every_view_answers_where_there_is_nothing_but_the_schema()
    {
        foreach (var view in new[] { "orders_changes", "orders_current", "orders_history", "orders_as_of(now())", "order_items_current", "orders_hourly" })
        {
            (await _lake.AskAsync($"SELECT * FROM {view}")).ShouldBeEmpty(view);
        }

        Directory.EnumerateFiles(_lake.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["0-schema.parquet", "0000000000-covers.parquet", "0000000000-files.parquet", "0000000000-rows-00000.parquet", "warehouse.duckdb"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_newest_state_is_the_last_of_the_stream_and_not_the_highest_version()
    {
        _lake.Write("0-b", Change(1, 1, 30, status: "shipped", amount: "12.5"), Change(2, 1, 10, "placed"));
        _lake.Write("0-a", Change(1, 7, 9, "placed", amount: "3"), Change(2, 2, 20, "deleted"), Change(3, 1, 1, "placed"), Change(3, 2, 2, "deleted"), Change(3, 1, 3, "placed", amount: "8"));

        (await _lake.AskAsync(Current)).ShouldBe(["1|1|shipped|12.50000000", "3|1|paid|8.00000000"]);
        (await _lake.AskAsync("SELECT count(*) FROM orders_history")).ShouldBe(["7"]);
    }

    [Fact]
    public async Task A_snapshot_counts_where_its_version_is_higher_than_that_of_the_streams_last_change()
    {
        _lake.Write("0-stream", Change(1, 3, 1, amount: "1"), Change(2, 3, 2, amount: "1"), Change(3, 5, 3, amount: "1"), Change(3, 2, 4, amount: "2"), Change(5, 2, 5, amount: "1"));
        _lake.Write(
            "0-snapshot", Change(1, 4, null, "found", amount: "9"), Change(2, 3, null, "found", amount: "9"), Change(3, 4, null, "found", amount: "9"), Change(4, 1, null, "found", amount: "9"),
            Change(5, 3, null, "vanished", amount: "1"));
        _lake.Write("0-snapshot-2", Change(4, 1, null, "found", amount: "9", at: "11:00"));

        // Of order 3 the stream's last change is version 2, which the snapshot's 4 is above.
        (await _lake.AskAsync(Current)).ShouldBe(["1|4|paid|9.00000000", "2|3|paid|1.00000000", "3|4|paid|9.00000000", "4|1|paid|9.00000000"]);
        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1), string_agg(version, ',' ORDER BY valid_to NULLS LAST, version) FROM orders_history GROUP BY 1 ORDER BY 1"))
            .ShouldBe(["1|3,4", "2|3", "3|2,5,4", "4|1", "5|2,3"], ignoreOrder: true);
        (await _lake.AskAsync("SELECT count(*), count(DISTINCT (order_id, version)) FROM orders_history")).ShouldBe(["9|9"]);
    }

    [Fact]
    public async Task History_tells_from_when_to_when_and_a_deletion_is_soft()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed", "placed", at: "10:00"), Change(1, 2, 2, at: "11:00"), Change(1, 3, 3, "deleted", at: "12:00"), Change(2, 1, 4, "placed", "placed", at: "10:30"));

        (await _lake.AskAsync("""
            SELECT right(order_id::VARCHAR, 1), version, strftime(valid_from AT TIME ZONE 'UTC', '%H:%M'), strftime(valid_to AT TIME ZONE 'UTC', '%H:%M'), is_current, strftime(deleted_at AT TIME ZONE 'UTC', '%H:%M')
              FROM orders_history ORDER BY 1, 2
            """)).ShouldBe(["1|1|10:00|11:00|False|-", "1|2|11:00|12:00|False|-", "1|3|12:00|-|False|12:00", "2|1|10:30|-|True|-"]);
        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1), version, status FROM orders_as_of(TIMESTAMPTZ '2026-11-30 11:59:59+00') ORDER BY 1")).ShouldBe(["1|2|paid", "2|1|placed"]);
        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1), version, status FROM orders_as_of(TIMESTAMPTZ '2026-11-30 10:00:00+00') ORDER BY 1")).ShouldBe(["1|1|placed"]);
        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1) FROM orders_as_of(now() + INTERVAL 100 YEAR)")).ShouldBe(["2"]);
        (await _lake.AskAsync("SELECT count(*) FROM orders_as_of(TIMESTAMPTZ '2026-11-29 23:59:59+00')")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Lines_and_hours_are_those_of_the_newest_state()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed", amount: "10"), Change(1, 2, 2, amount: "20.02"), Change(3, 1, 3, "placed", amount: "5"), Change(2, 1, 4, "placed"), Change(2, 2, 5, "deleted"));

        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1), order_item_id, product_id, quantity, unit_price::VARCHAR, merchant_id, currency FROM order_items_current ORDER BY 1"))
            .ShouldBe(["1|1|tea|2|10.01000000|m-1|INR", "3|1|tea|2|2.50000000|m-1|INR"]);
        (await _lake.AskAsync("SELECT merchant_id, epoch(hour)::BIGINT, currency, orders, amount::VARCHAR FROM orders_hourly")).ShouldBe(["m-1|1796029200|INR|2|25.02000000"]);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_with_more_columns_and_one_of_an_older_with_fewer_are_read()
    {
        _lake.Write("0-newer", $"SELECT *, 'gift' AS wrapping FROM ({Change(1, 1, 1, "placed")})");
        _lake.Write("0-older", $"SELECT * EXCLUDE (is_ttl, item) FROM ({Change(2, 1, 2, "placed")})");

        (await _lake.AskAsync("SELECT count(*), count(item) FROM orders_changes")).ShouldBe(["2|1"]);
        (await _lake.AskAsync(Current)).Count.ShouldBe(2);
    }
}
