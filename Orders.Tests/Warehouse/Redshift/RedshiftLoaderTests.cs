using Orders.Domain;
using Orders.Tests.Engines;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>
/// The loads of Redshift on a real Postgres, which runs every statement of them but COPY: each change is
/// there
/// once, wherever a load is killed, and whatever happens to the files.
/// </summary>
public sealed class RedshiftLoaderTests(TestEngines engines, LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private readonly WarehouseParts _parts = new(fixture);
    private RedshiftBench _redshift = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days");
        _redshift = await RedshiftBench.CreateAsync(engines, fixture.Database, _parts.Folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _redshift.DisposeAsync();
        _parts.Dispose();
    }

    [Fact]
    public async Task A_load_brings_every_change_once_and_the_newest_state_exact_to_the_last_digit()
    {
        var (lease, kept, gone) = (await fixture.NewShardAsync(), Rich(), SampleOrders.Placed());
        var paid = kept with { Status = OrderStatus.Paid, Version = 2, UpdatedAt = kept.UpdatedAt.AddMilliseconds(1_234) };
        await _parts.WriteAsync(lease, StreamRecords.Insert(kept), StreamRecords.Insert(gone));
        (await _redshift.LoadAsync()).Loaded.ShouldBe(2);
        await _parts.WriteAsync(lease, StreamRecords.Modify(kept, paid), StreamRecords.Remove(gone));

        (await _redshift.LoadAsync()).Loaded.ShouldBe(2);
        (await _redshift.LoadAsync()).Loaded.ShouldBe(0);

        (await _redshift.QueryAsync("SELECT order_id, status, amount::text, version::text, to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') FROM lake.orders_current"))
            .ShouldBe([$"{kept.OrderId} paid 999999999998.99999999 2 {paid.UpdatedAt:yyyy-MM-dd HH:mm:ss.fff}"]);
        (await _redshift.QueryAsync("SELECT order_item_id::text, product_name, quantity::text, unit_price::text FROM lake.order_items_current ORDER BY order_item_id")).ShouldBe(["1 A \"quoted\" name, ünïcode 3 0.00000001", "2 Line 2 1 2.50000000"]);
        (await _redshift.QueryAsync($"SELECT change, version::text, is_current::text, (valid_to IS NULL)::text, (deleted_at IS NULL)::text FROM lake.orders_history WHERE order_id = '{kept.OrderId}' ORDER BY version"))
            .ShouldBe(["placed 1 false false true", "changed 2 true true true"]);
        (await _redshift.QueryAsync($"SELECT change, is_current::text, (deleted_at IS NULL)::text FROM lake.orders_history WHERE order_id = '{gone.OrderId}' ORDER BY version")).ShouldBe(["placed false true", "deleted false false"]);
        (await _redshift.QueryAsync("SELECT sum(orders)::text, sum(amount)::text FROM lake.orders_hourly")).ShouldBe(["1 999999999998.99999999"]);
        await IsTheLakeAsync();
        Staged().ShouldBeEmpty("a load leaves nothing behind");
    }

    [Fact]
    public async Task A_load_that_is_killed_between_any_two_steps_is_done_by_the_next_one_and_each_row_is_there_once()
    {
        var lease = await fixture.NewShardAsync();
        await _parts.WriteAsync(lease, StreamRecords.Insert(Rich()));
        var steps = 0;
        await _redshift.LoadAsync(_ => steps++);
        steps.ShouldBeGreaterThan(40);

        // Steps of a load that begins with nothing new are fewer: go on until a load is not killed any more.
        var killed = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at <= steps; at++)
        {
            var order = Rich();
            await _parts.WriteAsync(lease, StreamRecords.Insert(order), StreamRecords.Modify(order, order with { Status = OrderStatus.Paid, Version = 2 }));
            var left = at;
            try
            {
                await _redshift.LoadAsync(step =>
                {
                    if (left-- == 0)
                    {
                        killed.Add(step);
                        throw new OperationCanceledException(step);
                    }
                });
            }
            catch (OperationCanceledException)
            {
                await _redshift.LoadAsync();
            }

            await IsTheLakeAsync();
        }

        killed.ShouldBe(
            ["connect", "tables", "clear", "lock", "look", "read", "staging", "insert staged_files", "insert gone_files", "insert replaced_days", "write", "copy changes", "copy items", "replace", "append",
             "newest", "merge", "ledger", "failures", "commit", "clear again"],
            ignoreOrder: true);
        (await _redshift.QueryAsync("SELECT count(*)::text, count(DISTINCT order_id)::text FROM lake.orders_current WHERE status = 'paid'")).ShouldBe([$"{steps + 1} {steps + 1}"]);
    }

    [Fact]
    public async Task A_compaction_of_what_is_loaded_is_passed_over()
    {
        await FillAsync(4);
        await _redshift.LoadAsync();
        var copies = _redshift.Copy.Copies;
        await CompactAsync();
        (await _redshift.LoadAsync()).Loaded.ShouldBe(0);
        _redshift.Copy.Copies.ShouldBe(copies);
        (await _redshift.QueryAsync("SELECT generation::text, file_rows::text FROM lake.loaded_files")).ShouldBe(["1 4"]);

        await FillAsync(2);
        (await _redshift.LoadAsync()).Loaded.ShouldBe(2);
        await CompactAsync();
        (await _redshift.LoadAsync()).Loaded.ShouldBe(0, "the compacted file and the two after it are the same rows");

        await IsTheLakeAsync();
    }

    [Fact]
    public async Task A_compaction_of_files_that_were_loaded_in_part_loads_its_day_anew()
    {
        await FillAsync(3);
        await _redshift.LoadAsync();
        await FillAsync(2);
        await CompactAsync();

        (await _redshift.LoadAsync()).Loaded.ShouldBe(1);

        await IsTheLakeAsync();
        (await _redshift.QueryAsync("SELECT count(*)::text FROM lake.orders_current")).ShouldBe(["5"]);
    }

    [Fact]
    public async Task What_a_person_wanted_erased_goes_from_every_table()
    {
        var orders = await FillAsync(3);
        await _redshift.LoadAsync();

        await _parts.Rewrite().WriteAsync("orders_changes", DateOnly.FromDateTime(SampleOrders.Noon.UtcDateTime), $"order_id = '{orders[1].OrderId}'", default);
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);
        await _redshift.LoadAsync();

        await IsTheLakeAsync();
        foreach (var table in new[] { "orders_changes", "order_items_changes", "orders_current" })
        {
            (await _redshift.QueryAsync($"SELECT DISTINCT order_id FROM lake.{table}")).ShouldBe([orders[0].OrderId.ToString(), orders[2].OrderId.ToString()], ignoreOrder: true, table);
        }
    }

    [Fact]
    public async Task A_bad_file_is_set_aside_after_three_tries_and_the_rest_is_loaded()
    {
        await FillAsync(3);
        var bad = Directory.GetFiles(_parts.Folder.Path, "0-*.parquet", SearchOption.AllDirectories)[1];
        var whole = await File.ReadAllBytesAsync(bad);
        await File.WriteAllBytesAsync(bad, whole[..^20]);

        var first = await _redshift.LoadAsync();
        (first.Loaded, first.Failed.Count, first.SetAside, first.IsComplete).ShouldBe((2, 1, 0, false));
        bad.ShouldEndWith(first.Failed[0].Path[^20..]);
        (await _redshift.LoadAsync()).SetAside.ShouldBe(0);
        (await _redshift.LoadAsync()).SetAside.ShouldBe(1);
        var fourth = await _redshift.LoadAsync();

        (fourth.Failed.Count, fourth.SetAside, fourth.IsComplete).ShouldBe((0, 1, false), "it is not tried any more, and not forgotten");
        (await _redshift.QueryAsync("SELECT tries::text FROM lake.failed_files")).ShouldBe(["3"]);
        (await _redshift.QueryAsync("SELECT count(*)::text FROM lake.orders_current")).ShouldBe(["2"]);

        await File.WriteAllBytesAsync(bad, whole);
        await _redshift.ExecuteAsync("DELETE FROM lake.failed_files");
        (await _redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await IsTheLakeAsync();
    }

    [Fact]
    public async Task A_compacted_file_that_is_bad_takes_nothing_away()
    {
        await FillAsync(3);
        await _redshift.LoadAsync();
        await FillAsync(1);
        await CompactAsync();
        var compacted = Directory.GetFiles(_parts.Folder.Path, "1-compact-*.parquet", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(compacted, (await File.ReadAllBytesAsync(compacted))[..^20]);

        (await _redshift.LoadAsync()).Failed.Count.ShouldBe(1);

        (await _redshift.QueryAsync("SELECT count(*)::text FROM lake.orders_current")).ShouldBe(["3"]);
    }

    private async Task<List<Order>> FillAsync(int files)
    {
        List<Order> orders = [.. Enumerable.Range(0, files).Select(_ => Rich())];
        await _parts.WriteAsync(await fixture.NewShardAsync(), orders.Select(StreamRecords.Insert));
        return orders;
    }

    private async Task CompactAsync()
    {
        await _parts.CompactAsync();
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);
    }

    // Row for row what the live files of the lake hold.
    private async Task IsTheLakeAsync()
    {
        var lake = LakeReading.Query($"SELECT order_id::VARCHAR || ' ' || sequence || ' ' || version || ' ' || amount || ' ' || len(items) FROM {_parts.Files} ORDER BY 1").Select(row => row[0]);
        (await _redshift.QueryAsync(
            """
            SELECT c.order_id || ' ' || c.sequence || ' ' || c.version || ' ' || c.amount || ' ' || (SELECT count(*) FROM lake.order_items_changes i WHERE i.order_id = c.order_id AND i.change_id = c.change_id)
              FROM lake.orders_changes c
            """)).Order(StringComparer.Ordinal).ShouldBe(lake.Order(StringComparer.Ordinal));
    }

    private string[] Staged() => Directory.GetFiles(_parts.Folder.Path, "*", SearchOption.AllDirectories).Where(file => file.Contains("/redshift/", StringComparison.Ordinal)).ToArray();

    private static Order Rich()
    {
        var order = SampleOrders.Placed(1);
        return order with
        {
            Amount = 999_999_999_998.99999999m,
            Currency = SampleOrders.Placed(1, currency: "CLF").Currency,
            Items = [new(1, "p-1", "A \"quoted\" name, ünïcode", 3, 0.00000001m), new(2, "p-2", "Line 2", 1, 2.5m)],
        };
    }
}
