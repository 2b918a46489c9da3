using Npgsql;
using NpgsqlTypes;

namespace Orders.Sync.Projection;

/// <summary>
/// The statements that project a set of changes. Their number does not grow with the batch: rows travel as arrays, a column each. None is made
/// for what the batch does not have. Rows that are there are found by LATERAL or EXISTS behind a LIMIT or OFFSET, which the planner does not turn into a
/// hash join: up to a million orders it would read all of them for each batch, and a change would cost the more the more orders there are.
/// </summary>
internal static class ProjectionCommands
{
    /// <summary>All of a set of changes.</summary>
    public static IEnumerable<NpgsqlBatchCommand> For(ChangeSet changes) =>
        changes.Versions.Count == 0 ? [] : [.. ForOrders(changes.Newest), .. new SharedRows(changes.Newest).Commands(), Remember(changes.Versions)];

    /// <summary>The rows that are an order's own: of a deletion its tombstone, else its row and its lines.</summary>
    /// <param name="newest">The newest version of each order.</param>
    public static IEnumerable<NpgsqlBatchCommand> ForOrders(IReadOnlyCollection<OrderChange> newest)
    {
        var deleted = newest.Where(change => change.IsDeletion).ToArray();
        if (deleted.Length > 0)
        {
            yield return Bury(deleted);
            yield return Delete(deleted);
            yield return DeleteLines(deleted);
        }

        var written = newest.Where(change => !change.IsDeletion).ToArray();
        if (written.Length == 0)
        {
            yield break;
        }

        yield return Upsert(written);
        var rewritten = Array.FindAll(written, change => change.Version > 1);
        if (rewritten.Length > 0)
        {
            yield return DropSurplusLines(rewritten);
        }

        if (Array.Exists(written, change => change.Order.Items.Count > 0))
        {
            yield return UpsertLines(written);
        }
    }

    private static NpgsqlBatchCommand Bury(OrderChange[] deleted) => Command(
        """
        INSERT INTO sync.tombstones AS t (order_id, version, merchant_id)
        SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (order_id) DO UPDATE SET version = excluded.version
         WHERE t.version < excluded.version
        """,
        Column(deleted, change => change.OrderId),
        Column(deleted, change => change.Version),
        Column(deleted, change => change.Order.MerchantId));

    private static NpgsqlBatchCommand Delete(OrderChange[] deleted) => Command(
        """
        DELETE FROM orders AS o
         USING unnest($1, $2) AS gone (order_id, version)
         WHERE o.order_id = gone.order_id AND o.version < gone.version
        """,
        Column(deleted, change => change.OrderId),
        Column(deleted, change => change.Version));

    private static NpgsqlBatchCommand DeleteLines(OrderChange[] deleted) => Command(
        """
        DELETE FROM order_items
         WHERE ctid = ANY (ARRAY (
               SELECT i.ctid
                 FROM unnest($1) AS gone (order_id)
                CROSS JOIN LATERAL (SELECT ctid FROM order_items WHERE order_id = gone.order_id OFFSET 0) AS i
                WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.order_id = gone.order_id OFFSET 0)))
        """,
        Column(deleted, change => change.OrderId));

    // The version guard. A tombstone guards too: it outlives every record that could bring a deleted order back.
    private static NpgsqlBatchCommand Upsert(OrderChange[] written) => Command(
        """
        INSERT INTO orders AS o (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version)
        SELECT *
          FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS new (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version)
         WHERE NOT EXISTS (SELECT FROM sync.tombstones AS t WHERE t.order_id = new.order_id AND t.version >= new.version OFFSET 0)
        ON CONFLICT (order_id) DO UPDATE
           SET merchant_id = excluded.merchant_id,
               customer_id = excluded.customer_id,
               status      = excluded.status,
               currency    = excluded.currency,
               amount      = excluded.amount,
               placed_at   = excluded.placed_at,
               updated_at  = excluded.updated_at,
               version     = excluded.version
         WHERE o.version < excluded.version
        """,
        Column(written, change => change.OrderId),
        Column(written, change => change.Order.MerchantId),
        Column(written, change => change.Order.CustomerId),
        Column(written, change => Orders.Domain.OrderStatuses.Name(change.Order.Status)),
        Column(written, change => change.Order.Currency.Code),
        Column(written, change => change.Order.Amount),
        Column(written, change => change.Order.PlacedAt),
        Column(written, change => change.Order.UpdatedAt),
        Column(written, change => change.Version));

    // Lines follow the order's row: only those of the version that is there now are written.
    private static NpgsqlBatchCommand DropSurplusLines(OrderChange[] written) => Command(
        """
        DELETE FROM order_items
         WHERE ctid = ANY (ARRAY (
               SELECT i.ctid
                 FROM unnest($1, $2, $3) AS new (order_id, version, lines)
                CROSS JOIN LATERAL (SELECT FROM orders WHERE order_id = new.order_id AND version = new.version LIMIT 1) AS o
                CROSS JOIN LATERAL (SELECT ctid FROM order_items WHERE order_id = new.order_id AND order_item_id > new.lines OFFSET 0) AS i))
        """,
        Column(written, change => change.OrderId),
        Column(written, change => change.Version),
        Column(written, change => change.Order.Items.Count));

    private static NpgsqlBatchCommand UpsertLines(OrderChange[] written)
    {
        var lines = written.SelectMany(change => change.Order.Items.Select(line => (change, line))).ToArray();
        return Command(
            """
            WITH standing AS MATERIALIZED (
                SELECT new.order_id
                  FROM unnest($1, $2) AS new (order_id, version)
                 CROSS JOIN LATERAL (SELECT FROM orders WHERE order_id = new.order_id AND version = new.version LIMIT 1) AS o)
            INSERT INTO order_items AS i (order_id, order_item_id, product_id, product_name, quantity, unit_price)
            SELECT new.order_id, order_item_id, product_id, product_name, quantity, unit_price
              FROM unnest($3, $4, $5, $6, $7, $8)
                AS new (order_id, order_item_id, product_id, product_name, quantity, unit_price)
              JOIN standing USING (order_id)
            ON CONFLICT (order_id, order_item_id) DO UPDATE
               SET product_id   = excluded.product_id,
                   product_name = excluded.product_name,
                   quantity     = excluded.quantity,
                   unit_price   = excluded.unit_price
             WHERE (i.product_id, i.product_name, i.quantity, i.unit_price)
                   IS DISTINCT FROM (excluded.product_id, excluded.product_name, excluded.quantity, excluded.unit_price)
            """,
            Column(written, change => change.OrderId),
            Column(written, change => change.Version),
            Column(lines, entry => entry.change.OrderId),
            Column(lines, entry => entry.line.OrderItemId),
            Column(lines, entry => entry.line.ProductId),
            Column(lines, entry => entry.line.ProductName),
            Column(lines, entry => entry.line.Quantity),
            Column(lines, entry => entry.line.UnitPrice));
    }

    // A version is remembered once, whoever tells of it first. The exception: a snapshot that finds an order gone while the stream is behind can only
    // guess the deletion's version, as the one after what it knows; when the stream then has a write of that version, the write is what it was.
    // To those who follow the changes it is news, so it gets a new place in the feed; other rows get theirs by the columns' defaults.
    private static NpgsqlBatchCommand Remember(IReadOnlyList<OrderChange> versions) => Command(
        """
        INSERT INTO order_history AS h (order_id, version, merchant_id, change, changed_at, body)
        SELECT DISTINCT ON (order_id, version) *
          FROM unnest($1, $2, $3, $4, $5, $6::json[]) AS new (order_id, version, merchant_id, change, changed_at, body)
         ORDER BY order_id, version
        ON CONFLICT (order_id, version) DO UPDATE
           SET change = excluded.change, changed_at = excluded.changed_at, body = excluded.body,
               feed_xid = excluded.feed_xid, projected_at = excluded.projected_at
         WHERE h.change = 'deleted' AND excluded.change <> 'deleted'
        """,
        Column(versions, change => change.OrderId),
        Column(versions, change => change.Version),
        Column(versions, change => change.Order.MerchantId),
        Column(versions, change => change.Kind.Name()),
        Column(versions, change => change.Order.UpdatedAt),
        new NpgsqlParameter { Value = versions.Select(change => change.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json });

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
