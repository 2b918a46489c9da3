using System.Globalization;
using DuckDB.NET.Data;
using Orders.Tests.Engines;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Embedded;

/// <summary>
/// A lake whose files a test writes by hand. Its folder has a name that needs care in SQL.
/// </summary>
internal sealed class ViewLake : IDisposable
{
    private readonly TempFolder _temp = new();

    public ViewLake()
    {
        Folder = _temp.In("an analyst's [lake] no. 1");
        Directory.CreateDirectory(Folder);
        Store = new(Folder, TimeProvider.System);
        Mirror = new(Store, Folder, ["orders_changes/", "orders_state/", "merchants_changes/"], TimeProvider.System);
        Views = new(Store, Mirror);
        Queries = new(Views, TimeProvider.System);
    }

    public string Folder { get; }

    public FolderLake Store { get; }

    public LakeMirror Mirror { get; }

    public ViewDatabase Views { get; }

    public LockedQueries Queries { get; }

    /// <summary>The SELECT of a change of an order.</summary>
    /// <param name="order">A small number.</param>
    /// <param name="version">Its version.</param>
    /// <param name="sequence">Its place in the stream; null for a row of a snapshot.</param>
    /// <param name="change">What happened.</param>
    /// <param name="status">The status since.</param>
    /// <param name="amount">The amount since.</param>
    /// <param name="at">When, on 2026-11-30.</param>
    public static string Change(int order, long version, int? sequence, string change = "changed", string status = "paid", string amount = "10", string at = "10:00") =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            SELECT '{{Id(order)}}'::UUID AS order_id, {{version}}::BIGINT AS version, '{{change}}' AS change, 'm-{{order % 2}}' AS merchant_id, NULL::VARCHAR AS customer_id,
                   '{{status}}' AS status, 'INR' AS currency, {{amount}}::DECIMAL(20,8) AS amount,
                   [{'product_id': 'tea', 'product_name': 'Tea', 'quantity': 2::BIGINT, 'unit_price': ({{amount}} / 2)::DECIMAL(20,8)}] AS items,
                   TIMESTAMPTZ '2026-11-30 09:30:00+00' AS placed_at, TIMESTAMPTZ '2026-11-30 {{at}}:00+00' AS changed_at, TIMESTAMPTZ '2026-11-30 {{at}}:00+00' AS streamed_at,
                   '{{(sequence is null ? "snapshot" : "stream")}}' AS source, 'shard' AS shard, lpad({{(sequence is { } known ? $"'{known}'" : "NULL")}}, 40, '0') AS sequence, false AS is_ttl, '{}' AS item
            """);

    /// <summary>The SELECT of a change of the table merchants.</summary>
    public static string Merchant(string change, string? id, string? name, int lsn, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            SELECT '{{change}}' AS _change, {{Text(id is null ? null : $"[\"{id}\"]")}} AS _key, '{{lsn:X16}}' AS _lsn, 0::BIGINT AS _ordinal,
                   TIMESTAMPTZ '2026-11-30 10:00:00+00' + to_minutes({{lsn}}) AS _committed_at, {{lsn}}::BIGINT AS _xid, {{Text(name)}} AS _row,
                   {{Text(id)}} AS id, {{Text(name)}} AS name, 'IN' AS country{{more}}
            """);

    public static string Id(int order) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-7000-8000-{order:D12}");

    /// <summary>Writes a file of the log of orders on 2026-11-30.</summary>
    public void Write(string name, params string[] changes) => WriteTo($"orders_changes/day=2026-11-30/{name}.parquet", changes);

    /// <summary>Writes a file.</summary>
    public void WriteTo(string path, params string[] selects)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        // Readers see it whole or not at all.
        command.CommandText = $"COPY ({string.Join(" UNION ALL ", selects)}) TO '{file.Replace("'", "''", StringComparison.Ordinal)}.part' (FORMAT parquet)";
        command.ExecuteNonQuery();
        File.Move($"{file}.part", file, overwrite: true);
    }

    public string PathOf(string name) => Path.Combine(Folder, "orders_changes/day=2026-11-30", name);

    /// <summary>Opens the file as an analyst does.</summary>
    /// <param name="apart">As another process would. DuckDB.NET gives a process one database for one
    /// path.</param>
    public DuckDBConnection Open(bool apart = false)
    {
        var connection = new DuckDBConnection($"DataSource=\"{ViewDatabase.FileOf(apart ? Folder + "/." : Folder)}\";access_mode=READ_ONLY");
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Brings the views up to date and asks: a line for each row, its values apart by <c>|</c>.
    /// </summary>
    public async Task<List<string>> AskAsync(string sql)
    {
        await Views.RefreshAsync(CancellationToken.None);
        using var connection = Open();
        return Ask(connection, sql);
    }

    public static List<string> Ask(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    public void Dispose()
    {
        Views.Dispose();
        Mirror.Dispose();
        _temp.Dispose();
    }

    private static string Text(string? text) => text is null ? "NULL::VARCHAR" : $"'{text}'";
}
