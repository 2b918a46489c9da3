using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Ledger;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>A database and a lake of a test's own, with the ledger. Its slot is dropped at the end, since
/// the whole server has only so many.</summary>
internal sealed class TablesLab : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private TablesLab(string postgres) => (Postgres, Database) = (postgres, NpgsqlDataSource.Create(postgres));

    public string Postgres { get; }

    public NpgsqlDataSource Database { get; }

    public string Lake => _folder.Path;

    public static async Task<TablesLab> CreateAsync(TestEngines engines, string sql) => await CreateAsync((await engines.CreateStoresAsync()).Postgres, sql);

    public static async Task<TablesLab> CreateAsync(string postgres, string sql)
    {
        var lab = new TablesLab(postgres);
        await LedgerMigrations.All.ApplyAsync(lab.Database, CancellationToken.None);
        await lab.ExecuteAsync(sql);
        return lab;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// A table's log by its files' names alone, or an empty list as long as there is none.
    /// </summary>
    public List<string[]> Log(string table, string select, string rest = "ORDER BY _lsn, _ordinal") =>
        Directory.Exists(Path.Combine(Lake, $"{table}_changes")) && Directory.EnumerateFiles(Path.Combine(Lake, $"{table}_changes"), "*.parquet", SearchOption.AllDirectories).Any()
            ? LakeReading.Query($"SELECT {select} FROM {LakeReading.Files(Lake, $"{table}_changes")} {rest}")
            : [];

    /// <summary>The changes of a log, <c>change key</c> each.</summary>
    public IReadOnlyList<string> Changes(string table) => [.. Log(table, "_change, _key").Select(row => $"{row[0]} {row[1]}")];

    public static Task UntilAsync(Func<bool> condition) => Eventually.HoldsAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until every table has its snapshot, or is refused.</summary>
    public Task StreamsAsync() => Eventually.HoldsAsync(() => ScalarAsync<bool>(
        "SELECT count(*) > 0 AND bool_and(state <> 'new') AND EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database() AND active AND NOT temporary) FROM warehouse.sql_tables"));

    /// <summary>Waits until everything that is committed by now is stored.</summary>
    public async Task CaughtUpAsync()
    {
        var now = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        await Eventually.HoldsAsync(() => ScalarAsync<bool>($"SELECT coalesce(bool_and(caught_up_at > '{now:O}'), false) FROM warehouse.slots"));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ExecuteAsync("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database() AND NOT active");
        }
        catch (NpgsqlException)
        {
            // The server was stopped.
        }

        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
