namespace Orders.Warehouse.Redshift;

/// <summary>The log of an SQL table.</summary>
/// <param name="log">Its name.</param>
/// <param name="columns">The columns of everything that it holds.</param>
internal sealed class LoadedTable(string log, IReadOnlyList<RedshiftColumn> columns) : ILoadedLog
{
    private const string Suffix = "_changes";

    // Tables of these names would have the tables of the orders.
    private static readonly string[] Taken = ["orders", "order_items"];

    private readonly string _table = log[..^Suffix.Length].ToLowerInvariant();

    /// <inheritdoc/>
    public string Name => log;

    /// <inheritdoc/>
    public string Ledger => "lake.loaded_table_files";

    /// <inheritdoc/>
    public string Check =>
        """
        count(*), coalesce(bit_xor(hash(_change, _key, _lsn, _ordinal)), 0)::UBIGINT, coalesce(max(strlen(_change)) > 16 OR max(strlen(_key)) > 8192 OR max(strlen(_lsn)) > 16, false)
        """;

    /// <summary>Why it cannot be loaded; null when it can.</summary>
    public string? Fault => Array.IndexOf(Taken, _table) >= 0 ? $"The tables of {log} would be those of the orders: give the table another name." : null;

    private string Changes => Of("changes");

    private string Current => Of("current");

    /// <inheritdoc/>
    public async Task<bool> PrepareAsync(LoadSession session, CancellationToken cancellationToken)
    {
        var known = await RedshiftLedger.ColumnsAsync(session.Connection, log, cancellationToken);
        var other = columns.Where(column => known.TryGetValue(column.Name, out var description) && description != column.Type.Description).ToList();
        List<RedshiftColumn> added = [.. columns.Where(column => !known.ContainsKey(column.Name)), .. other];
        if (added.Count == 0 && known.Count > 0)
        {
            return false;
        }

        await session.ExecuteAsync("table", Statements("table_create"), cancellationToken);
        foreach (var column in other)
        {
            await session.ExecuteAsync("drop column", Statements("table_drop_column", column), cancellationToken);
            await session.RunAsync($"DELETE FROM lake.table_columns WHERE log = '{RedshiftSql.Quote(log)}' AND column_name = '{RedshiftSql.Quote(column.Name)}'", cancellationToken);
        }

        foreach (var column in added)
        {
            await session.ExecuteAsync("add column", Statements("table_add_column", column), cancellationToken);
        }

        await session.InsertAsync("lake.table_columns", added.Select(column => new object[] { log, column.Name, column.Type.Description }), cancellationToken);
        await session.ExecuteAsync("history", Statements("table_history"), cancellationToken);
        return other.Count > 0;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Staging() => Statements("table_staging");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedTable>> StageAsync(StagedFiles staged, string load, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        string[] files = [.. paths.Select(staged.Local)];
        return [new("rows", "staged_rows", await staged.WriteAsync(load, "rows", path => StagedRows.Write(files, columns, staged.Scratch, path, cancellationToken), cancellationToken))];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Step, IEnumerable<string> Statements)> Steps() =>
        from step in (string[])["replace", "append", "newest", "merge"] select (step, Statements($"table_{step}"));

    private string Of(string end) => $"lake.\"{_table}_{end}\"";

    private IEnumerable<string> Statements(string file, RedshiftColumn? column = null) => RedshiftSql.Statements(
        file,
        ("changes", Changes),
        ("current", Current),
        ("history", Of("history")),
        ("column", column?.Quoted ?? ""),
        ("type", column?.Type.Sql ?? ""),
        ("columns", After(each => each.Quoted)),
        ("n_columns", After(each => $"n.{each.Quoted}")),
        ("s_columns", string.Concat(columns.Select(each => $"s.{each.Quoted}, "))),
        ("set_columns", After(each => $"{each.Quoted} = n.{each.Quoted}")),
        ("cast_columns", After((each, at) => each.Type.Cast(StagedRows.Column(at)))),
        ("staged_columns", After((_, at) => $"{StagedRows.Column(at)} {RedshiftType.Text.Sql}")),
        ("typed_columns", After(each => $"{each.Quoted} {each.Type.Sql}")));

    private string After(Func<RedshiftColumn, string> write) => After((column, _) => write(column));

    private string After(Func<RedshiftColumn, int, string> write) => string.Concat(columns.Select((column, at) => $", {write(column, at)}"));
}
