using Npgsql;
using NpgsqlTypes;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>Names that all declared tables have in common.</summary>
internal static class MappedSql
{
    /// <summary>The column for the place in the stream of a row's last change.</summary>
    public const string Place = "place";

    /// <summary>What the name of the table of tombstones adds to the table's.</summary>
    public const string TombstonesEnd = "_tombstones";

    /// <summary>Bytes of a name; Postgres cuts longer ones off.</summary>
    public const int LongestName = 63;

    /// <summary>Columns of the two tables that no member may have.</summary>
    public static readonly string[] OwnColumns = [Place, "deleted_at"];

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>The SQL of a declared table: made once, since it does not depend on the changes.</summary>
internal sealed class MappedSql<T>
{
    private readonly MappedColumn<T>[] _columns;
    private readonly MappedColumn<T>[] _stamps;
    private readonly string _table;
    private readonly string _tombstones;
    private readonly string _delete;
    private readonly string _bury;
    private readonly string _unbury;
    private readonly string _upsert;

    public MappedSql(string table, IReadOnlyList<MappedColumn<T>> columns)
    {
        _columns = [.. columns];
        _stamps = [.. columns.Where(column => column.Role != ColumnRole.Content)];
        _table = table;
        _tombstones = $"{table[..^1]}{MappedSql.TombstonesEnd}\"";
        string[] keys = [.. columns.Where(column => column.Role == ColumnRole.Key).Select(column => MappedSql.Quote(column.Name))];
        var (key, sameKey) = (string.Join(", ", keys), string.Join(" AND ", keys.Select(name => $"t.{name} = new.{name}")));
        var version = columns.FirstOrDefault(column => column.Role == ColumnRole.Version) is { Name: var name } ? MappedSql.Quote(name) : null;

        // A row without a place was not written by the stream.
        string IsLater(string other) => $"(t.place < {other}.place OR (t.place IS NULL{(version is null ? "" : $" AND t.{version} <= {other}.{version}")}))";
        _delete = $"DELETE FROM {table} AS t USING {Rows(_stamps)} WHERE {sameKey} AND {IsLater("new")}";
        _bury =
            $"""
            INSERT INTO {_tombstones} AS t ({Names(_stamps)}, place)
            SELECT new.* FROM {Rows(_stamps)} WHERE NOT EXISTS (SELECT FROM {table} AS t WHERE {sameKey})
            ON CONFLICT ({key}) DO UPDATE SET {Set(_stamps)}place = excluded.place, deleted_at = now() WHERE t.place < excluded.place
            """;
        _unbury = $"DELETE FROM {_tombstones} AS t USING {Rows(_stamps)} WHERE {sameKey} AND t.place <= new.place";
        _upsert =
            $"""
            INSERT INTO {table} AS t ({Names(_columns)}, place)
            SELECT new.* FROM {Rows(_columns)} WHERE NOT EXISTS (SELECT FROM {_tombstones} AS t WHERE {sameKey})
            ON CONFLICT ({key}) DO UPDATE SET {Set(_columns)}place = excluded.place WHERE {IsLater("excluded")}
            """;
    }

    /// <summary>Creates what does not exist.</summary>
    public IReadOnlyList<string> Creates() =>
    [
        $"CREATE TABLE IF NOT EXISTS {_table} ({Definitions(_columns)}, place numeric, PRIMARY KEY ({Keys()}))",
        $"CREATE TABLE IF NOT EXISTS {_tombstones} ({Definitions(_stamps)}, place numeric NOT NULL, deleted_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY ({Keys()}))",
    ];

    /// <summary>The statements of a batch: four at most.</summary>
    public IEnumerable<NpgsqlBatchCommand> For(IReadOnlyCollection<MappedChange<T>> changes)
    {
        MappedChange<T>[] deleted = [.. changes.Where(change => change.IsDeletion)];
        if (deleted.Length > 0)
        {
            yield return Command(_delete, _stamps, deleted);
            yield return Command(_bury, _stamps, deleted);
        }

        MappedChange<T>[] written = [.. changes.Where(change => !change.IsDeletion)];
        if (written.Length > 0)
        {
            yield return Command(_unbury, _stamps, written);
            yield return Command(_upsert, _columns, written);
        }
    }

    private string Keys() => Names([.. _columns.Where(column => column.Role == ColumnRole.Key)]);

    private static string Names(IEnumerable<MappedColumn<T>> columns) => string.Join(", ", columns.Select(column => MappedSql.Quote(column.Name)));

    private static string Definitions(IEnumerable<MappedColumn<T>> columns) =>
        string.Join(", ", columns.Select(column => $"{MappedSql.Quote(column.Name)} {column.Type.Sql}{(column.Role == ColumnRole.Content ? "" : " NOT NULL")}"));

    private static string Set(IEnumerable<MappedColumn<T>> columns) =>
        string.Concat(columns.Where(column => column.Role != ColumnRole.Key).Select(column => $"{MappedSql.Quote(column.Name)} = excluded.{MappedSql.Quote(column.Name)}, "));

    private static string Rows(MappedColumn<T>[] columns)
    {
        var arrays = columns.Select((column, i) => $"${i + 1}::{column.Type.Sql}[]").Append($"${columns.Length + 1}::numeric[]");
        var keys = Names(columns.Where(column => column.Role == ColumnRole.Key));
        return $"(SELECT * FROM unnest({string.Join(", ", arrays)}) AS given ({Names(columns)}, place) ORDER BY {keys}) AS new";
    }

    private static NpgsqlBatchCommand Command(string sql, MappedColumn<T>[] columns, MappedChange<T>[] changes)
    {
        var items = Array.ConvertAll(changes, change => change.Item);
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(column.Values(items));
        }

        command.Parameters.Add(new() { Value = Array.ConvertAll(changes, change => change.Place), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric });
        return command;
    }
}
