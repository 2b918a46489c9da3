using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// The statements that write the lines of orders, after the rows and in the same transaction.
/// </summary>
internal static class LineCommands
{
    // The order's row was written by this change.
    private const string IsOwn = "o.order_id = new.order_id AND o.version = new.version AND o.updated_at = new.updated_at AND o.place IS NOT DISTINCT FROM new.place";

    // Numbered after the columns of Stamps.
    private const int FirstColumn = 5;

    private static readonly string UpsertSql =
        $"""
        WITH standing AS MATERIALIZED (
            SELECT new.order_id
              FROM unnest($1, $2, $3, $4) AS new (order_id, version, updated_at, place)
             CROSS JOIN LATERAL (SELECT FROM orders AS o WHERE {IsOwn} LIMIT 1) AS own)
        INSERT INTO order_items AS i (order_id, order_item_id, {OrderColumns.LineNames})
        SELECT new.order_id, order_item_id, {OrderColumns.LineNames}
          FROM unnest({string.Join(", ", Enumerable.Range(FirstColumn, 2 + OrderColumns.OfLine.Length).Select(number => $"${number}"))})
            AS new (order_id, order_item_id, {OrderColumns.LineNames})
          JOIN standing USING (order_id)
        ON CONFLICT (order_id, order_item_id) DO UPDATE
           SET {OrderColumns.Join(OrderColumns.OfLine, name => $"{name} = excluded.{name}")}
         WHERE ({Columns("i")}) IS DISTINCT FROM ({Columns("excluded")})
        """;

    public static NpgsqlBatchCommand Delete(OrderChange[] deleted) => ProjectionCommands.Command(
        """
        DELETE FROM order_items
         WHERE ctid = ANY (ARRAY (
               SELECT i.ctid
                 FROM unnest($1) AS gone (order_id)
                CROSS JOIN LATERAL (SELECT ctid FROM order_items WHERE order_id = gone.order_id OFFSET 0) AS i
                WHERE NOT EXISTS (SELECT FROM orders AS o WHERE o.order_id = gone.order_id OFFSET 0)))
        """,
        ProjectionCommands.Column(deleted, change => change.OrderId));

    // Only the lines of the state in the order's row are written.
    public static NpgsqlBatchCommand DropSurplus(OrderChange[] written) => ProjectionCommands.Command(
        $"""
        DELETE FROM order_items
         WHERE ctid = ANY (ARRAY (
               SELECT i.ctid
                 FROM unnest($1, $2, $3, $4, $5) AS new (order_id, version, updated_at, place, lines)
                CROSS JOIN LATERAL (SELECT FROM orders AS o WHERE {IsOwn} LIMIT 1) AS own
                CROSS JOIN LATERAL (SELECT ctid FROM order_items WHERE order_id = new.order_id AND order_item_id > new.lines OFFSET 0) AS i))
        """,
        [.. ProjectionCommands.Stamps(written), ProjectionCommands.Column(written, change => change.Order.Items.Count)]);

    public static NpgsqlBatchCommand Upsert(OrderChange[] written)
    {
        var lines = written.SelectMany(change => change.Order.Items.Select(line => (change, line))).ToArray();
        return ProjectionCommands.Command(
            UpsertSql,
            [
                .. ProjectionCommands.Stamps(written),
                ProjectionCommands.Column(lines, entry => entry.change.OrderId),
                ProjectionCommands.Column(lines, entry => entry.line.OrderItemId),
                .. OrderColumns.OfLine.Select(column => column.Parameter(lines, entry => entry.line)),
            ]);
    }

    private static string Columns(string row) => OrderColumns.Join(OrderColumns.OfLine, name => $"{row}.{name}");
}
