using Npgsql;

namespace Orders.Bench.Stores;

/// <summary>A database of one measurement; removed with it.</summary>
internal sealed class BenchDatabase(BenchEngines engines, string name, string connectionString) : IAsyncDisposable
{
    private const string Triggers = """
        DROP TRIGGER add_totals ON orders;
        DROP TRIGGER change_totals ON orders;
        DROP TRIGGER remove_totals ON orders
        """;

    /// <summary>
    /// For Npgsql, as a rival would write it: statements that come again are prepared by themselves.
    /// </summary>
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2, CommandTimeout = 0 }.ConnectionString);

    public string Name => name;

    /// <summary>For our services, as Orders.Local writes it.</summary>
    public string ConnectionString => connectionString;

    /// <summary>Takes the hourly totals away from those who do not keep them.</summary>
    public Task DropTriggersAsync(CancellationToken cancellationToken) => ExecuteAsync(Triggers, cancellationToken);

    /// <summary>
    /// Lets each statement write the hourly totals at once, instead of the transaction at its commit.
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

    /// <summary>
    /// A number for a table's rows that is the same for the same rows, whatever their order, with their
    /// count.
    /// </summary>
    public async Task<(long Rows, string Digest)> DigestAsync(string table, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand($"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {table} AS t");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetString(1));
    }

    /// <summary>Every order's id.</summary>
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
