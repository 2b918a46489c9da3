using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>A Postgres in the place of Redshift, and the loader on it.</summary>
internal sealed class RedshiftBench : IAsyncDisposable
{
    private readonly NpgsqlDataSource _redshift;
    private readonly NpgsqlDataSource _ledger;
    private readonly string _lake;

    private RedshiftBench(NpgsqlDataSource ledger, string lake, string connectionString)
    {
        (_ledger, _lake) = (ledger, lake);
        _redshift = RedshiftSetup.Connect(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        Copy = new(lake);
    }

    public StagedInsert Copy { get; }

    public RedshiftNotes Notes => new(_ledger);

    /// <summary>Makes it.</summary>
    /// <param name="engines">The engines.</param>
    /// <param name="ledger">The database of the ledger.</param>
    /// <param name="lake">The lake's folder.</param>
    public static async Task<RedshiftBench> CreateAsync(TestEngines engines, NpgsqlDataSource ledger, string lake) => new(ledger, lake, (await engines.CreateStoresAsync()).Postgres);

    /// <summary>A load, as by a program that was started anew.</summary>
    /// <param name="step">Called before each of its steps.</param>
    public Task<RedshiftLoad> LoadAsync(Action<string>? step = null) =>
        new RedshiftLoader(new RedshiftLedger(_ledger), new FolderLake(_lake, TimeProvider.System), Copy, _redshift, TimeProvider.System) { Step = step }.RunAsync(CancellationToken.None);

    /// <summary>The rows of a query, each as text.</summary>
    public async Task<List<string>> QueryAsync(string sql)
    {
        await using var command = _redshift.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-" : reader.GetString(column))));
        }

        return rows;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _redshift.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _redshift.DisposeAsync();
}
