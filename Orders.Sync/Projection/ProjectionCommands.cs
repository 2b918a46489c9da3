using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Orders.Sync.Projection;

/// <summary>
/// The statements that project a set of changes. Their number does not grow with the batch: rows are sent as
/// arrays, one for each column. Statements without rows are left out. Existing rows are found by LATERAL or
/// EXISTS with a LIMIT or OFFSET, which the planner cannot turn into a hash join. A hash join reads all
/// orders for each batch, so that the cost of a change would grow with the table.
/// </summary>
internal static class ProjectionCommands
{
    // An upsert with the condition of RowGuard: the row's place is earlier, or it has none and is the state
    // before the change.
    private const string IsLater = "(o.place < new.place OR (o.place IS NULL AND o.version = new.before_version AND o.updated_at = new.before_updated_at))";

    // The row was read from the table earlier and has the state of this record: it gets the record's place.
    private const string IsFoundBefore = "(o.place IS NULL AND o.version = new.version AND o.updated_at = new.updated_at)";

    // Numbered after the columns of Stamps and Befores.
    private const int UpsertColumns = 7;

    private static readonly string InsertWritten =
        $"""
        INSERT INTO orders ({OrderColumns.Names}, place)
        SELECT {OrderColumns.Join(OrderColumns.OfOrder, name => $"new.{name}")}, new.place
          FROM unnest({string.Join(", ", Enumerable.Range(1, UpsertColumns - 1 + OrderColumns.Content.Length).Select(number => $"${number}"))})
            AS new (order_id, version, updated_at, place, before_version, before_updated_at, {OrderColumns.Join(OrderColumns.Content, name => name)})
          LEFT JOIN LATERAL (SELECT version, updated_at, place FROM orders WHERE order_id = new.order_id OFFSET 0) AS o ON true
        """;

    private static readonly string UpdateWritten =
        $"""
        ON CONFLICT (order_id) DO UPDATE
           SET {OrderColumns.Join(OrderColumns.OfOrder.Where(column => column.Name != "order_id"), name => $"{name} = excluded.{name}")}, place = excluded.place
        """;

    /// <summary>All statements of a set of changes.</summary>
    public static IEnumerable<NpgsqlBatchCommand> For(ChangeSet changes)
    {
        IEnumerable<NpgsqlBatchCommand> gone = changes.Gone.Count == 0 ? [] : [DoubtfulOrders.Note(changes.Gone)];
        if (changes.Newest.Count == 0)
        {
            return gone;
        }

        IEnumerable<NpgsqlBatchCommand> rows = [.. gone, .. ForOrders(changes.Newest), .. new SharedRows(changes.Newest).Commands()];
        return changes.Versions.Count == 0 ? rows : [.. rows, HistoryCommands.Insert(changes.Versions)];
    }

    /// <summary>
    /// The statements for an order's own rows: for a deletion the tombstone, else the row and the lines.
    /// </summary>
    /// <param name="newest">The last state of each order.</param>
    public static IEnumerable<NpgsqlBatchCommand> ForOrders(IReadOnlyCollection<OrderChange> newest)
    {
        var deleted = newest.Where(change => change.IsDeletion).ToArray();
        if (deleted.Length > 0)
        {
            yield return Delete(deleted);
            yield return LineCommands.Delete(deleted);
            yield return InsertTombstones(deleted);
        }

        var written = newest.Where(change => !change.IsDeletion).ToArray();
        if (written.Length == 0)
        {
            yield break;
        }

        yield return Unbury(written);
        yield return Upsert(written);
        yield return LineCommands.DropSurplus(written);
        if (Array.Exists(written, change => change.Order.Items.Count > 0))
        {
            yield return LineCommands.Upsert(written);
        }
    }

    private static NpgsqlBatchCommand Delete(OrderChange[] deleted)
    {
        var (isPassed, passed) = Passed(deleted, "$5, $6, $7");
        return Command(
            $"""
            DELETE FROM orders AS o
             USING unnest($1, $2, $3, $4) AS new (order_id, place, before_version, before_updated_at)
             WHERE o.order_id = new.order_id AND ({IsLater} OR {isPassed})
            """,
            [Column(deleted, change => change.OrderId), Places(deleted), .. Befores(deleted), .. passed]);
    }

    private static NpgsqlBatchCommand InsertTombstones(OrderChange[] deleted) => Command(
        """
        INSERT INTO sync.tombstones AS t (order_id, version, place, merchant_id)
        SELECT *
          FROM unnest($1, $2, $3, $4) AS gone (order_id, version, place, merchant_id)
         WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.order_id = gone.order_id OFFSET 0)
        ON CONFLICT (order_id) DO UPDATE SET version = excluded.version, place = excluded.place, merchant_id = excluded.merchant_id
         WHERE t.place < excluded.place
        """,
        Column(deleted, change => change.OrderId),
        Column(deleted, change => change.Version),
        Places(deleted),
        Column(deleted, change => change.Order.MerchantId));

    // An order may be put again after its deletion, but a record from before the deletion must not bring it
    // back.
    private static NpgsqlBatchCommand Unbury(OrderChange[] written) => Command(
        """
        DELETE FROM sync.tombstones
         WHERE ctid = ANY (ARRAY (
               SELECT t.ctid
                 FROM unnest($1, $2) AS new (order_id, place)
                CROSS JOIN LATERAL (SELECT ctid, place FROM sync.tombstones WHERE order_id = new.order_id OFFSET 0) AS t
                WHERE t.place < new.place))
        """,
        Column(written, change => change.OrderId),
        Places(written));

    // No other transaction writes the order meanwhile: the lease, the gate and the lock on items with dead
    // letters prevent it. So the row that is checked is the row that is overwritten.
    private static NpgsqlBatchCommand Upsert(OrderChange[] written)
    {
        var next = UpsertColumns + OrderColumns.Content.Length;
        var (isPassed, passed) = Passed(written, string.Create(CultureInfo.InvariantCulture, $"${next}, ${next + 1}, ${next + 2}"));
        return Command(
            $"""
            {InsertWritten}
             WHERE (o.version IS NULL OR {IsLater} OR {IsFoundBefore} OR {isPassed})
               AND NOT EXISTS (SELECT FROM sync.tombstones AS t WHERE t.order_id = new.order_id OFFSET 0)
            {UpdateWritten}
            """,
            [.. Stamps(written), .. Befores(written), .. OrderColumns.Parameters(OrderColumns.Content, written), .. passed]);
    }

    /// <summary>The columns that identify a state: order_id, version, updated_at, place.</summary>
    internal static NpgsqlParameter[] Stamps(OrderChange[] changes) =>
    [
        Column(changes, change => change.OrderId),
        Column(changes, change => change.Version),
        Column(changes, change => change.Order.UpdatedAt),
        Places(changes),
    ];

    internal static NpgsqlParameter Places(IReadOnlyList<OrderChange> changes)
    {
        var places = Column(changes, change => change.Place);
        places.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric;
        return places;
    }

    /// <summary>
    /// The condition that the row, read from the table, is an intermediate state of the changes' batch; and
    /// its columns.
    /// </summary>
    /// <param name="changes">The changes; without intermediate states the condition is false and has no
    /// columns.</param>
    /// <param name="columns">The parameter numbers for the columns.</param>
    private static (string Condition, NpgsqlParameter[] Columns) Passed(OrderChange[] changes, string columns)
    {
        var passed = changes.SelectMany(change => change.Passed.Select(stamp => (change.OrderId, Stamp: stamp))).ToArray();
        if (passed.Length == 0)
        {
            return ("false", []);
        }

        var condition =
            $"""
            (o.place IS NULL AND EXISTS (
                SELECT FROM unnest({columns}) AS passed (order_id, version, updated_at)
                 WHERE passed.order_id = new.order_id AND passed.version = o.version AND passed.updated_at = o.updated_at))
            """;
        return (condition, [Column(passed, entry => entry.OrderId), Column(passed, entry => entry.Stamp.Version), Column(passed, entry => entry.Stamp.UpdatedAt)]);
    }

    private static NpgsqlParameter[] Befores(OrderChange[] changes) =>
    [
        Column(changes, change => change.Before?.Version),
        Column(changes, change => change.Before?.UpdatedAt),
    ];

    internal static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
        {
            command.Parameters.Add(column);
        }

        return command;
    }

    internal static NpgsqlParameter<TColumn[]> Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        return new NpgsqlParameter<TColumn[]> { TypedValue = column };
    }
}
