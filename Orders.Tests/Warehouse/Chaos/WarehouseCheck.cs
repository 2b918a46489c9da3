using Shouldly;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>Compares the warehouse with the read model, and its ledger with its files.</summary>
internal sealed class WarehouseCheck(WarehouseSystem system, TestLake lake)
{
    private const int Shown = 5;

    // One text for each row, the same in both databases.
    private const string Line = "concat_ws('|', order_id, order_item_id, product_id, product_name, quantity, unit_price::numeric(20,8))";

    /// <summary>Waits until both have everything.</summary>
    public async Task ArrivedAsync(int changes)
    {
        try
        {
            await Eventually.HoldsAsync(
                async () => await system.ScalarAsync<bool>(
                    $"""
                    SELECT (SELECT count(*) FROM order_history) >= {changes}
                       AND (SELECT coalesce(sum(records), 0) FROM warehouse.shards) >= {changes}
                       AND NOT EXISTS (SELECT FROM warehouse.files WHERE state = 'noted' AND NOT replaces)
                       AND NOT EXISTS (SELECT FROM warehouse.snapshots WHERE finished_at IS NULL)
                    """),
                seconds: 180);
        }
        catch (ShouldAssertException late)
        {
            throw new ShouldAssertException(
                $"{changes} were written, {await system.ScalarAsync<long>("SELECT count(*) FROM order_history")} are in Postgres, {await system.ScalarAsync<long>("SELECT sum(records) FROM warehouse.shards")} in the log\n{system.Said}", late);
        }
    }

    /// <summary>The views show what Postgres has, row for row and cent for cent.</summary>
    public async Task ShowsEachOnceAsync(int orders)
    {
        var (answered, counted) = await system.RunAsync("sql", "--csv", "SELECT count(*) AS n FROM orders_current");
        answered.ShouldBe(0, counted);
        counted.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).ShouldBe(["n", $"{orders}"]);
        var (exitCode, output) = await system.RunAsync("reconcile");
        exitCode.ShouldBe(0, output);

        ShouldBeSame(
            Views($"SELECT {Order("epoch_ms(placed_at)", "epoch_ms(updated_at)")} FROM orders_current"),
            await system.ColumnAsync($"SELECT {Order("(extract(epoch FROM placed_at) * 1000)::bigint", "(extract(epoch FROM updated_at) * 1000)::bigint")} FROM orders"));
        ShouldBeSame(
            Views($"SELECT {Line} FROM order_items_current"),
            await system.ColumnAsync($"SELECT {Line} FROM order_items"));
        ShouldBeSame(
            Views("SELECT concat_ws('|', order_id, version, change) FROM orders_history"),
            await system.ColumnAsync("SELECT concat_ws('|', order_id, version, change) FROM order_history"));
    }

    /// <summary>
    /// Whoever reads all files, knowing nothing of ledger and views, reads each change once.
    /// </summary>
    public async Task HoldsEachOnceAsync(int changes)
    {
        var files = $"read_parquet([{string.Join(',', (await lake.FilesAsync()).Where(file => file.Key.StartsWith("orders_changes/", StringComparison.Ordinal)).Select(file => $"'{file.Value.FullName}'"))}])";
        LakeReading.Query($"SELECT count(*), count(DISTINCT (order_id, sequence)), count(DISTINCT (order_id, version)) FROM {files} WHERE source = 'stream'")
            .Single().ShouldBe([$"{changes}", $"{changes}", $"{changes}"]);
        LakeReading.Query($"SELECT count(*) - count(DISTINCT (order_id, shard)) FROM {files} WHERE source = 'snapshot'").Single().ShouldBe(["0"], "a snapshot finds an order once");
    }

    /// <summary>Each file of the ledger is in the lake with its size, and no other is, but those of stored
    /// states.</summary>
    public async Task LedgerIsTrueAsync()
    {
        var files = await lake.FilesAsync();
        ShouldBeSame(
            [.. files.Where(file => !file.Key.StartsWith("orders_state/", StringComparison.Ordinal)).Select(file => $"{file.Key} {file.Value.Length}")],
            await system.ColumnAsync("SELECT path || ' ' || bytes FROM warehouse.files WHERE state = 'live'"));
        ShouldBeSame(
            [.. files.Keys.Where(file => file.StartsWith("orders_state/", StringComparison.Ordinal) && file.Contains("-rows-", StringComparison.Ordinal) && !file.Contains("/0000000000-", StringComparison.Ordinal))],
            await system.ColumnAsync("SELECT unnest(files) FROM warehouse.order_states"));
        (await system.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state <> 'live'")).ShouldBe(0);
        (await system.ScalarAsync<long>("SELECT count(*) FROM warehouse.gaps")).ShouldBe(0);
    }

    private static string Order(string placedAt, string updatedAt) =>
        $"concat_ws('|', order_id, merchant_id, coalesce(customer_id, 'nobody'), status, currency, amount::numeric(20,8), {placedAt}, {updatedAt}, version)";

    private List<string> Views(string sql) => [.. LakeReading.Query(sql, lake.Views).Select(row => row[0])];

    private static void ShouldBeSame(List<string> ours, List<string> theirs)
    {
        ours.Sort(StringComparer.Ordinal);
        theirs.Sort(StringComparer.Ordinal);
        if (!ours.SequenceEqual(theirs, StringComparer.Ordinal))
        {
            throw new ShouldAssertException(
                $"{ours.Count} rows and {theirs.Count}; only here: {string.Join(", ", ours.Except(theirs).Take(Shown))}; only there: {string.Join(", ", theirs.Except(ours).Take(Shown))}; "
                + $"twice here: {string.Join(", ", ours.GroupBy(row => row).Where(group => group.Count() > 1).Select(group => group.Key).Take(Shown))}");
        }
    }
}
