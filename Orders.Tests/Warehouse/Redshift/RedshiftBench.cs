using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Redshift;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>A Postgres in the place of Redshift, and the loader on it.</summary>
internal sealed class RedshiftBench : IAsyncDisposable
{
    private readonly NpgsqlDataSource _redshift;
    private readonly LedgerFixture _fixture;
    private readonly WarehouseParts _parts;

    private RedshiftBench(LedgerFixture fixture, WarehouseParts parts, string connectionString)
    {
        (_fixture, _parts) = (fixture, parts);
        _redshift = RedshiftSetup.Connect(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        Copy = new(parts.Folder.Path);
    }

    public StagedInsert Copy { get; }

    public static async Task<RedshiftBench> CreateAsync(TestEngines engines, LedgerFixture fixture, WarehouseParts parts) =>
        new(fixture, parts, (await engines.CreateStoresAsync()).Postgres);

    /// <summary>A load, as by a program that was started anew.</summary>
    /// <param name="step">Called before each of its steps.</param>
    public Task<RedshiftLoad> LoadAsync(Action<string>? step = null) =>
        new RedshiftLoader(new RedshiftLedger(_fixture.Database), _parts.Lake, Copy, _redshift, TimeProvider.System) { Step = step }.RunAsync(CancellationToken.None);

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
