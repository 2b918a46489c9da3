using Npgsql;

namespace Orders.Bench.Stores;

/// <summary>The database of one measurement, removed at its end.</summary>
internal sealed class BenchDatabase(BenchEngines engines, string name, string connectionString) : IAsyncDisposable
{
    private const string Triggers = """
        DROP TRIGGER add_totals ON orders;
        DROP TRIGGER change_totals ON orders;
        DROP TRIGGER remove_totals ON orders
        """;

    /// <summary>
    /// For Npgsql, with the settings that a rival would use: repeated statements are prepared automatically.
    /// </summary>
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2, CommandTimeout = 0 }.ConnectionString);

    public string Name => name;

    /// <summary>For our services, with the settings of Orders.Local.</summary>
    public string ConnectionString => connectionString;

    /// <summary>Removes the hourly totals for sides that do not keep them.</summary>
    public Task DropTriggersAsync(CancellationToken cancellationToken) => ExecuteAsync(Triggers, cancellationToken);

    /// <summary>
    /// Makes each statement write the hourly totals at once, instead of the transaction at its commit.
    /// </summary>
    public async Task WriteTotalsAtOnceAsync(CancellationToken cancellationToken)
    {
        using var sql = new StreamReader(typeof(BenchDatabase).Assembly.GetManifestResourceStream("Orders.Bench.Stores.ImmediateTotals.sql")!);
        await ExecuteAsync(await sql.ReadToEndAsync(cancellationToken), cancellationToken);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A digest of a table's rows that does not depend on their order, with their count.</summary>
    public async Task<(long Rows, string Digest)> DigestAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand($"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} AS t");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetString(1));
    }

    /// <summary>The ids of all orders.</summary>
    public async Task<Guid[]> ReadIdsAsync(CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand("SELECT array_agg(order_id) FROM orders");
        return (Guid[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await engines.DropAsync(name);
    }
}
