using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>
/// The upper limit: COPY of the rows that our side ends with, into the same tables with the same indexes, in
/// one transaction. The rows are in Postgres' binary format, exported from our tables beforehand: nothing is
/// decoded, looked up, compared or updated.
/// </summary>
internal sealed class CopiedRows : ApplySide
{
    private static readonly string[] Tables = ["orders", "order_items", "order_history", "customers", "products", "hourly_totals", "sync.tombstones"];
    private readonly Dictionary<string, byte[]> _rows = new(StringComparer.Ordinal);

    public override string Name => "COPY of the same rows";

    public override bool KeepsTotals => false;

    /// <summary>Exports the rows from the database that our side has written.</summary>
    public async Task TakeAsync(BenchDatabase ours, CancellationToken cancellationToken)
    {
        await using var connection = await ours.Source.OpenConnectionAsync(cancellationToken);
        foreach (var table in Tables)
        {
            using var bytes = new MemoryStream();
            await using var export = await connection.BeginRawBinaryCopyAsync($"COPY {table} TO STDOUT (FORMAT BINARY)", cancellationToken);
            await export.CopyToAsync(bytes, cancellationToken);
            _rows[table] = bytes.ToArray();
        }
    }

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (table, rows) in _rows)
        {
            await using var import = await connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)", cancellationToken);
            await import.WriteAsync(rows, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
