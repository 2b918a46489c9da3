using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;

namespace Orders.Warehouse.Tables;

/// <summary>Turns the messages of the stream into changes of rows.</summary>
/// <param name="types">The types of the database.</param>
/// <param name="looks">The catalog.</param>
/// <param name="tables">The tables that are wanted, by oid.</param>
internal sealed class ChangeReader(PgTypes types, TableLooks looks, IReadOnlyDictionary<uint, StreamedTable> tables)
{
    // A change of a key is two rows.
    private const int OrdinalsOfMessage = 2;

    private readonly Dictionary<uint, TableSchema> _schemas = [];
    private ulong _lsn;
    private DateTime _committedAt;
    private long _xid;
    private long _message;

    /// <summary>Whether a transaction was begun and is not ended.</summary>
    public bool InTransaction { get; private set; }

    /// <summary>Where the transaction that is being read was committed; of none, the last one.</summary>
    public ulong Lsn => _lsn;

    /// <summary>The end of the last transaction that was read whole.</summary>
    public ulong End { get; private set; }

    /// <summary>Logs of tables whose changes have another key than the catalog and the ledger: their changes
    /// are passed over, and they need a snapshot.</summary>
    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message. It is valid until the next one is asked for.</param>
    /// <param name="into">Receives its rows.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask ReadAsync(PgOutputReplicationMessage message, List<TableRow> into, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case BeginMessage begin:
                (InTransaction, _lsn, _committedAt, _xid, _message) = (true, (ulong)begin.TransactionFinalLsn, begin.TransactionCommitTimestamp, begin.TransactionXid, 0);
                break;
            case CommitMessage commit:
                (InTransaction, End) = (false, (ulong)commit.TransactionEndLsn);
                break;
            case RelationMessage relation:
                await LearnAsync(relation, cancellationToken);
                break;
            case InsertMessage or UpdateMessage or DeleteMessage or TruncateMessage:
                _message++;
                await ReadChangeAsync(message, into, cancellationToken);
                break;
            default:
                break;
        }
    }

    private async ValueTask ReadChangeAsync(PgOutputReplicationMessage message, List<TableRow> into, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case InsertMessage insert when Find(insert.Relation) is { } table:
                into.Add(Row(table, TableChange.Insert, await ReadAsync(insert.NewRow, cancellationToken)));
                break;
            case FullUpdateMessage update when Find(update.Relation) is { } table:
                var before = await ReadAsync(update.OldRow, cancellationToken);
                AddUpdate(table, before, Fill(await ReadAsync(update.NewRow, cancellationToken), before), into);
                break;
            case IndexUpdateMessage update when Find(update.Relation) is { } table:
                var key = OnlyKey(table.Schema, await ReadAsync(update.Key, cancellationToken));
                AddUpdate(table, key, Fill(await ReadAsync(update.NewRow, cancellationToken), key), into);
                break;
            case DefaultUpdateMessage update when Find(update.Relation) is { } table:
                into.Add(Row(table, TableChange.Update, await ReadAsync(update.NewRow, cancellationToken)));
                break;
            case FullDeleteMessage delete when Find(delete.Relation) is { } table:
                into.Add(Row(table, TableChange.Delete, await ReadAsync(delete.OldRow, cancellationToken)));
                break;
            case KeyDeleteMessage delete when Find(delete.Relation) is { } table:
                into.Add(Row(table, TableChange.Delete, OnlyKey(table.Schema, await ReadAsync(delete.Key, cancellationToken))));
                break;
            case TruncateMessage truncate:
                foreach (var relation in truncate.Relations)
                {
                    if (Find(relation) is { } table)
                    {
                        into.Add(new(table.Table.Log, table.Schema, TableChange.Truncate, Key: null, At(0), _committedAt, _xid, []));
                    }
                }

                break;
            default:
                break;
        }
    }

    private void AddUpdate((StreamedTable Table, TableSchema Schema) table, string?[] before, string?[] after, List<TableRow> into)
    {
        if (table.Schema.KeyOf(before) == table.Schema.KeyOf(after))
        {
            into.Add(Row(table, TableChange.Update, after));
            return;
        }

        into.Add(Row(table, TableChange.Delete, before));
        into.Add(Row(table, TableChange.Insert, after, ordinal: 1));
    }

    private TableRow Row((StreamedTable Table, TableSchema Schema) table, string change, string?[] values, int ordinal = 0) =>
        new(table.Table.Log, table.Schema, change, table.Schema.KeyOf(values), At(ordinal), _committedAt, _xid, values);

    private Place At(int ordinal) => new(_lsn, (_message * OrdinalsOfMessage) + ordinal);

    private (StreamedTable Table, TableSchema Schema)? Find(RelationMessage relation) =>
        tables.TryGetValue(relation.RelationId, out var table) && _lsn >= table.SnapshotLsn && _schemas.TryGetValue(relation.RelationId, out var schema) ? (table, schema) : null;

    private async Task LearnAsync(RelationMessage relation, CancellationToken cancellationToken)
    {
        if (!tables.TryGetValue(relation.RelationId, out var table))
        {
            return;
        }

        var columns = relation.Columns.Select(column => (column.ColumnName, column.DataTypeId, column.TypeModifier)).ToList();
        await types.LoadAsync(columns.Select(column => column.DataTypeId), cancellationToken);
        var key = await KeyAsync(relation, table, [.. columns.Select(column => column.ColumnName)], cancellationToken);
        if (key is null)
        {
            _schemas.Remove(relation.RelationId);
            Unreadable.Add(table.Log);
            return;
        }

        _schemas[relation.RelationId] = new([.. columns.Select(column => new TableColumn(column.ColumnName, SqlColumnType.Of(types.Find, column.DataTypeId, column.TypeModifier)))], key);
    }

    // The message names the key's columns only if nothing but the key is logged. The catalog has them as
    // they are now, and the ledger as they were: a column may have been renamed since this change.
    private async Task<IReadOnlyList<string>?> KeyAsync(RelationMessage relation, StreamedTable table, HashSet<string> columns, CancellationToken cancellationToken)
    {
        var now = await looks.KeyColumnsAsync(relation.RelationId, cancellationToken);
        return now.Count > 0 && columns.IsSupersetOf(now) ? now
            : table.KeyColumns.Count > 0 && columns.IsSupersetOf(table.KeyColumns) ? table.KeyColumns
            : null;
    }

    // The old row, with the new values where there are any.
    private static string?[] Fill(string?[] values, string?[] before)
    {
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = TableRow.IsUnchanged(values[column]) ? before[column] : values[column];
        }

        return values;
    }

    private static string?[] OnlyKey(TableSchema schema, string?[] values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = schema.Key.Contains(column) ? values[column] : TableRow.Unchanged;
        }

        return values;
    }

    private static async ValueTask<string?[]> ReadAsync(ReplicationTuple tuple, CancellationToken cancellationToken)
    {
        var values = new string?[tuple.NumColumns];
        var column = 0;
        await foreach (var value in tuple.WithCancellation(cancellationToken))
        {
            values[column++] = value.Kind switch
            {
                TupleDataKind.Null => null,
                TupleDataKind.UnchangedToastedValue => TableRow.Unchanged,
                _ => await value.Get<string>(cancellationToken),
            };
        }

        return values;
    }
}
