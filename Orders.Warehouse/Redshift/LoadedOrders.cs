using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Redshift;

/// <summary>The log of orders: its changes and their lines.</summary>
internal sealed class LoadedOrders : ILoadedLog
{
    private const string ChangeId = "coalesce(sequence, 'snapshot-' || coalesce(version, -1)::VARCHAR || '-' || epoch_us(streamed_at)::VARCHAR)";
    private const string Day = "((changed_at AT TIME ZONE 'UTC')::DATE)::VARCHAR AS day";

    private const string Changes =
        $"""
        SELECT order_id::VARCHAR AS order_id, {ChangeId} AS change_id, version, change, merchant_id, customer_id, status, currency, amount::VARCHAR AS amount,
               (placed_at AT TIME ZONE 'UTC')::VARCHAR AS placed_at, (changed_at AT TIME ZONE 'UTC')::VARCHAR AS changed_at, (streamed_at AT TIME ZONE 'UTC')::VARCHAR AS streamed_at,
               source, shard, sequence, is_ttl, CASE WHEN strlen(item) <= 65535 THEN item END AS item, {Day}
          FROM log
        """;

    private const string Items =
        $"""
        SELECT order_id::VARCHAR AS order_id, change_id, n AS order_item_id, items[n].product_id AS product_id, items[n].product_name AS product_name, items[n].quantity AS quantity,
               items[n].unit_price::VARCHAR AS unit_price, day
          FROM (SELECT order_id, {ChangeId} AS change_id, items, unnest(range(1, len(items) + 1)) AS n, {Day} FROM log)
        """;

    /// <inheritdoc/>
    public string Name => OrderLog.Name;

    /// <inheritdoc/>
    public string Ledger => "lake.loaded_files";

    // The widths of the columns in Redshift, which counts bytes.
    /// <inheritdoc/>
    public string Check =>
        """
        count(*), coalesce(bit_xor(hash(order_id, version, change, sequence, streamed_at)), 0)::UBIGINT, coalesce(
            max(greatest(coalesce(strlen(merchant_id), 0), coalesce(strlen(customer_id), 0))) > 2048 OR max(strlen(status)) > 64 OR max(strlen(currency)) > 16 OR max(strlen(change)) > 16
            OR max(strlen(source)) > 16 OR max(strlen(shard)) > 256 OR max(strlen(sequence)) > 64
            OR max(list_max(list_transform(items, lambda i: greatest(coalesce(strlen(i.product_id), 0), coalesce(strlen(i.product_name), 0) // 4)))) > 2048, false)
        """;

    /// <inheritdoc/>
    public Task<bool> PrepareAsync(LoadSession session, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public IEnumerable<string> Staging() => RedshiftSql.Statements("staging");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedTable>> StageAsync(StagedFiles staged, string load, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        var log = $"WITH log AS (SELECT * FROM {ParquetFile.Rows(paths.Select(staged.Local))})";
        return
        [
            new("changes", "staged_changes", await staged.WriteAsync(load, "changes", path => Copy($"{log} {Changes}", path), cancellationToken)),
            new("items", "staged_items", await staged.WriteAsync(load, "items", path => Copy($"{log} {Items}", path), cancellationToken)),
        ];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Step, IEnumerable<string> Statements)> Steps() =>
        from step in (string[])["replace", "append", "newest", "merge"] select (step, RedshiftSql.Statements(step));

    private static void Copy(string sql, string path)
    {
        using var connection = Duck.Open();
        connection.Execute($"COPY ({sql}) {StagedFiles.To(path)}");
    }
}
