using Orders.Warehouse.Embedded;
using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Embedded;

public sealed class ViewDatabaseTests : IDisposable
{
    private const string Today = "merchants_changes/day=2026-11-30";

    private readonly ViewLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task The_file_holds_views_alone_and_is_written_only_when_they_are_others()
    {
        await _lake.Views.RefreshAsync(default);
        var file = ViewDatabase.FileOf(_lake.Folder);
        File.SetLastWriteTimeUtc(file, new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _lake.Write("0-a", Change(1, 1, 1, "placed"));
        (await _lake.AskAsync("SELECT count(*) FROM duckdb_tables()")).ShouldBe(["0"]);
        using (var other = new ViewLakeAgain(_lake.Folder))
        {
            await other.Views.RefreshAsync(default);
        }

        File.GetLastWriteTimeUtc(file).Year.ShouldBe(2000);
        // What is no database is replaced.
        await File.WriteAllTextAsync(file, "nonsense");
        using (var other = new ViewLakeAgain(_lake.Folder))
        {
            await other.Views.RefreshAsync(default);
        }

        (await _lake.AskAsync("SELECT count(*) FROM orders_current")).ShouldBe(["1"]);
        Directory.EnumerateFiles(_lake.Folder).Select(Path.GetFileName).ShouldBe(["warehouse.duckdb"]);
    }

    [Fact]
    public async Task A_reader_that_has_it_open_goes_on_while_files_come_and_views_change()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed"));
        await _lake.Views.RefreshAsync(default);
        using var reader = _lake.Open(apart: true);
        Ask(reader, "SELECT count(*) FROM orders_current").ShouldBe(["1"]);

        _lake.Write("0-b", Change(2, 1, 2, "placed"));
        _lake.WriteTo($"{Today}/0-a.parquet", Merchant("insert", "m-1", "One", 1));
        (await _lake.AskAsync("SELECT name FROM merchants_current")).ShouldBe(["One"]);
        _lake.WriteTo($"{Today}/0-b.parquet", Merchant("insert", "m-2", "Two", 2, ", 'gold' AS plan"));

        Ask(reader, "SELECT count(*) FROM orders_current").ShouldBe(["2"]);
        (await _lake.AskAsync("SELECT id, name, plan FROM merchants_current ORDER BY id")).ShouldBe(["m-1|One|-", "m-2|Two|gold"]);
    }

    [Fact]
    public async Task A_file_that_is_written_again_under_its_name_is_read_anew_by_an_open_reader()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed", amount: "1"));
        await _lake.Views.RefreshAsync(default);
        using var reader = _lake.Open();
        Ask(reader, "SELECT sum(amount)::VARCHAR FROM orders_changes").ShouldBe(["1.00000000"]);
        var time = File.GetLastWriteTimeUtc(_lake.PathOf("0-a.parquet"));

        _lake.WriteTo("beside.parquet", Change(1, 1, 1, "placed", amount: "2"));
        File.Move(Path.Combine(_lake.Folder, "beside.parquet"), _lake.PathOf("0-a.parquet"), overwrite: true);
        File.SetLastWriteTimeUtc(_lake.PathOf("0-a.parquet"), time);

        Ask(reader, "SELECT sum(amount)::VARCHAR FROM orders_changes").ShouldBe(["2.00000000"]);
    }

    [Fact]
    public async Task The_views_of_a_table_of_SQL_know_updates_deletes_snapshots_and_TRUNCATE()
    {
        _lake.WriteTo(
            $"{Today}/0-a.parquet", Merchant("found", "m-1", "One", 1), Merchant("found", "m-2", "Two", 1), Merchant("found", "m-3", "Three", 1), Merchant("update", "m-1", "Uno", 2), Merchant("delete", "m-2", null, 3),
            Merchant("found", "m-1", "Uno", 4), Merchant("vanished", "m-3", null, 4));

        (await _lake.AskAsync("SELECT id, name, country FROM merchants_current ORDER BY id")).ShouldBe(["m-1|Uno|IN"]);
        const string History = "SELECT id, name, minute(valid_from), minute(valid_to), is_current, minute(deleted_at) FROM merchants_history ORDER BY id, valid_from";
        (await _lake.AskAsync(History)).ShouldBe(["m-1|One|1|2|False|-", "m-1|Uno|2|-|True|-", "m-2|Two|1|3|False|3", "m-3|Three|1|4|False|4"]);

        _lake.WriteTo($"{Today}/0-b.parquet", Merchant("truncate", null, null, 5), Merchant("insert", "m-1", "Again", 6));
        (await _lake.AskAsync("SELECT id, name FROM merchants_current")).ShouldBe(["m-1|Again"]);
        (await _lake.AskAsync(History)).ShouldBe(["m-1|One|1|2|False|-", "m-1|Uno|2|5|False|5", "m-1|Again|6|-|True|-", "m-2|Two|1|3|False|3", "m-3|Three|1|4|False|4"]);
    }
}
