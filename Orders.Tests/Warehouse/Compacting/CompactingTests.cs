using Orders.Tests.Sync;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Compacting;

/// <summary>The small files of a past day become one, and no row is lost or twice at any point.</summary>
public sealed class CompactingTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private readonly WarehouseParts _parts = new(fixture);

    public async ValueTask InitializeAsync() => await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days");

    public ValueTask DisposeAsync()
    {
        _parts.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Small_files_of_a_past_day_become_one_with_the_same_rows()
    {
        var before = await FillAsync(5);

        await _parts.CompactAsync();
        (await _parts.Replacements().ActivateAsync(default)).ShouldBe(1);
        (await _parts.Replacements().CleanAsync(default)).ShouldBe(5);

        Rows().ShouldBe(before);
        Names().ShouldBe(["1-compact-00000.parquet", "replaced-by-1"]);
        (await fixture.ScalarAsync("SELECT string_agg(format('%s %s %s', state, rows, generation), ',') FROM warehouse.files")).ShouldBe("live 5 1");
    }

    [Fact]
    public async Task Until_the_new_file_is_live_and_long_after_the_old_ones_are_there()
    {
        await FillAsync(3);

        await _parts.CompactAsync();
        Names().ShouldBe(["0-", "0-", "0-", "1-compact-00000.parquet"], "whoever reads now passes over the new file: no marker is there");
        await _parts.Replacements().ActivateAsync(default);

        Names().Count(name => name == "0-").ShouldBe(3, "queries that began before still read them");
        (await _parts.Replacements(new(TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromHours(1))).CleanAsync(default)).ShouldBe(0);
        (await fixture.ScalarAsync("SELECT sum(rows) FROM warehouse.files WHERE state = 'live'")).ShouldBe(3m);
    }

    // A command that says that it is done must not have looked a moment too early.
    [Fact]
    public async Task Who_waits_for_what_is_whole_waits_until_the_ledger_has_it_live()
    {
        await FillAsync(3);
        await _parts.CompactAsync();

        (await _parts.Replacements(new(TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.Zero)).ActivateWholeAsync(TimeProvider.System, default)).ShouldBe(1);

        Names().ShouldContain("replaced-by-1");
        (await fixture.ScalarAsync("SELECT string_agg(DISTINCT state, ',' ORDER BY state) FROM warehouse.files")).ShouldBe("live,superseded");
    }

    [Fact]
    public async Task A_new_file_waits_for_its_marker_as_long_as_queries_list()
    {
        await FillAsync(3);
        await _parts.CompactAsync();

        (await _parts.Replacements(new(TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.Zero)).ActivateAsync(default)).ShouldBe(0);

        Names().ShouldNotContain("replaced-by-1");
    }

    [Fact]
    public async Task What_comes_for_a_compacted_day_is_read_beside_the_large_file_and_compacted_with_it()
    {
        await FillAsync(3);
        await _parts.CompactAsync();
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);

        await FillAsync(2);
        Names().Where(name => name.StartsWith('1')).ShouldBe(["1-", "1-", "1-compact-00000.parquet"]);
        await _parts.CompactAsync();
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);

        Rows().Count.ShouldBe(5);
        Names().ShouldBe(["2-compact-00000.parquet", "replaced-by-1", "replaced-by-2"]);
    }

    [Fact]
    public async Task A_day_that_a_file_is_on_its_way_to_is_left_for_later()
    {
        var before = await FillAsync(3);
        var lease = await fixture.NewShardAsync();
        var broken = new BreakingLake(_parts.Lake) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => _parts.Log(broken).ApplyAsync(new(lease, [StreamRecords.Insert(SampleOrders.Placed())], EndsShard: false), default));

        await _parts.CompactAsync();

        Names().ShouldBe(["0-", "0-", "0-"]);
        Rows().ShouldBe(before);
        (await fixture.ScalarAsync("SELECT max(generation) FROM warehouse.log_days")).ShouldBe(0);
    }

    [Fact]
    public async Task A_day_to_which_a_file_is_noted_in_the_same_moment_is_left_for_later_too()
    {
        await FillAsync(3);
        var day = DateOnly.FromDateTime(SampleOrders.Noon.UtcDateTime);
        await using var connection = await fixture.Database.OpenConnectionAsync();
        await using var noting = await connection.BeginTransactionAsync();
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(LedgerCommands.Note("stream/a/b", [new("orders_changes", day, "late.parquet", "1", "1", 1)]));
        await batch.ExecuteNonQueryAsync();

        var compacting = _parts.CompactAsync();
        await Eventually.HoldsAsync(async () => (long)(await fixture.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"))! > 0);
        await noting.CommitAsync();
        await compacting;

        Names().ShouldBe(["0-", "0-", "0-"]);
        (await fixture.ScalarAsync("SELECT max(generation) FROM warehouse.log_days")).ShouldBe(0);
    }

    [Fact]
    public async Task A_compaction_that_is_killed_leaves_everything_as_it_was_and_the_next_one_does_it()
    {
        var before = await FillAsync(3);
        var broken = new BreakingLake(_parts.Lake) { AfterPut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => _parts.CompactAsync(broken));
        (await _parts.Replacements().ActivateAsync(default)).ShouldBe(0);

        await _parts.CompactAsync();
        (await _parts.Replacements().ActivateAsync(default)).ShouldBe(1);
        await _parts.Replacements().CleanAsync(default);

        Rows().ShouldBe(before);
        Names().ShouldBe(["2-compact-00000.parquet", "replaced-by-2"]);
    }

    [Fact]
    public async Task A_truncated_file_stops_the_compaction_of_its_day_and_nothing_is_replaced()
    {
        await FillAsync(3);
        var file = Directory.GetFiles(_parts.Folder.Path, "0-*.parquet", SearchOption.AllDirectories)[1];
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^20]);

        var refused = await Should.ThrowAsync<LakeException>(() => _parts.CompactAsync());

        refused.IsSetup.ShouldBeTrue();
        refused.Message.ShouldContain(Path.GetFileName(file));
        Names().Count(name => name == "0-").ShouldBe(3);
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.files WHERE state = 'live'")).ShouldBe(3L);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(0, 2)]
    public async Task Rows_that_the_ledger_does_not_know_stop_it_too(int told, int sum)
    {
        await FillAsync(3);
        var files = Directory.GetFiles(_parts.Folder.Path, "0-*.parquet", SearchOption.AllDirectories);
        await fixture.ExecuteAsync($"UPDATE warehouse.files SET rows = {told} WHERE path = (SELECT min(path) FROM warehouse.files)");

        (await Should.ThrowAsync<LakeException>(() => _parts.CompactAsync())).Message.ShouldContain($"hold 3 rows and the ledger says {sum}");
        files.ShouldAllBe(file => File.Exists(file));
    }

    [Fact]
    public async Task Rows_are_left_out_for_an_erasure()
    {
        await FillAsync(3);
        var gone = Rows()[0];

        var left = await _parts.Rewrite().WriteAsync("orders_changes", DateOnly.FromDateTime(SampleOrders.Noon.UtcDateTime), $"order_id = '{gone}'", default);
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);

        left.ShouldBe(1);
        Rows().Count.ShouldBe(2);
        Rows().ShouldNotContain(gone);
    }

    [Fact]
    public async Task While_files_wait_for_their_marker_their_day_is_not_written_again()
    {
        await FillAsync(3);
        var (day, gone) = (DateOnly.FromDateTime(SampleOrders.Noon.UtcDateTime), Rows()[0]);
        (await _parts.Rewrite().WriteAsync("orders_changes", day, $"order_id = '{gone}'", default)).ShouldBe(1);

        (await _parts.Rewrite().WriteAsync("orders_changes", day, leaveOut: null, default)).ShouldBeNull("it would bring back what was left out");

        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);
        Rows().ShouldNotContain(gone);
    }

    [Fact]
    public async Task All_rows_of_a_day_may_be_left_out()
    {
        await FillAsync(3);

        await _parts.Rewrite().WriteAsync("orders_changes", DateOnly.FromDateTime(SampleOrders.Noon.UtcDateTime), "true", default);
        await _parts.Replacements().ActivateAsync(default);
        await _parts.Replacements().CleanAsync(default);

        Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_that_a_zombie_wrote_after_its_day_was_compacted_is_deleted_and_people_s_files_are_not()
    {
        await FillAsync(2);
        var day = Path.Combine(_parts.Folder.Path, "orders_changes", "day=2026-03-01");
        var zombie = Path.Combine(day, "0-zombie.parquet");
        var mine = Path.Combine(day, "my own.parquet");
        File.Copy(Directory.GetFiles(day)[0], zombie);
        File.Copy(zombie, mine);

        (await _parts.Sweep().DeleteOrphansAsync(default)).ShouldBe(["orders_changes/day=2026-03-01/0-zombie.parquet"]);

        File.Exists(zombie).ShouldBeFalse();
        File.Exists(mine).ShouldBeTrue();
        Names().Count(name => name == "0-").ShouldBe(2);
    }

    [Fact]
    public async Task A_range_whose_shard_is_gone_counts_if_it_was_written_and_is_forgotten_if_not()
    {
        var (written, unwritten) = (await fixture.NewShardAsync(), await fixture.NewShardAsync());
        await Should.ThrowAsync<IOException>(() => _parts.Log(new BreakingLake(_parts.Lake) { AfterPut = _ => throw new IOException() }).ApplyAsync(new(written, [StreamRecords.Insert(SampleOrders.Placed())], EndsShard: false), default));
        await Should.ThrowAsync<IOException>(() => _parts.Log(new BreakingLake(_parts.Lake) { BeforePut = _ => throw new IOException() }).ApplyAsync(new(unwritten, [StreamRecords.Insert(SampleOrders.Placed())], EndsShard: false), default));
        (await _parts.Sweep().SettleAsync(default)).ShouldBe((0, 0), "their shards are open: somebody will write them");
        await fixture.ExecuteAsync("UPDATE warehouse.shards SET finished_at = now()");

        (await _parts.Sweep().SettleAsync(default)).ShouldBe((1, 1));

        (await fixture.ScalarAsync("SELECT string_agg(state, ',') FROM warehouse.files")).ShouldBe("live");
    }

    private async Task<List<string>> FillAsync(int files)
    {
        await _parts.WriteAsync(await fixture.NewShardAsync(), Enumerable.Range(0, files).Select(_ => StreamRecords.Insert(SampleOrders.Placed())));
        return Rows();
    }

    private List<string> Rows() => [.. LakeReading.Query($"SELECT order_id FROM {_parts.Files} ORDER BY order_id").Select(row => row[0])];

    // A small file is named by its shard and range.
    private List<string> Names() =>
    [
        .. Directory.GetFiles(_parts.Folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))
            .Select(name => name.Contains("shardId", StringComparison.Ordinal) ? name[..2] : name).Order(StringComparer.Ordinal),
    ];
}
