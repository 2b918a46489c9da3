using Npgsql;
using Orders.Domain.Fields;

namespace Orders.Sync.Projection;

/// <summary>Reads orders as they are stored in Postgres.</summary>
internal static class StoredOrders
{
    private static readonly int OrderItemId = OrderFields.Columns.Count;

    private static readonly string OrdersSql =
        $"""
        SELECT {string.Join(", ", OrderFields.Columns.Select(field => field.Column == ColumnType.Numeric ? $"o.{field.Name}::text" : $"o.{field.Name}"))},
               l.order_item_id, l.product_id, l.product_name, l.quantity, l.unit_price::text
          FROM orders AS o
          LEFT JOIN order_items AS l ON l.order_id = o.order_id
         WHERE o.order_id = ANY ($1)
         ORDER BY o.order_id, l.order_item_id
        """;

    /// <summary>
    /// Reads orders with their lines. One join instead of two statements, so that an order is never read in
    /// part.
    /// </summary>
    public static async Task<Dictionary<Guid, StoredOrder>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(OrdersSql, connection);
        command.Parameters.Add(new() { Value = orderIds.ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orders = new Dictionary<Guid, StoredOrder>(orderIds.Count);
        List<StoredLine> lines = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            var orderId = rows.GetGuid(0);
            if (!orders.ContainsKey(orderId))
            {
                lines = [];
                orders.Add(orderId, new([.. OrderFields.Columns.Select((field, column) => Read(rows, column, field.Column))], lines));
            }

            if (!rows.IsDBNull(OrderItemId))
            {
                lines.Add(new StoredLine(
                    rows.GetInt32(OrderItemId), rows.GetString(OrderItemId + 1), rows.GetString(OrderItemId + 2), rows.GetInt32(OrderItemId + 3), rows.GetString(OrderItemId + 4)));
            }
        }

        return orders;
    }

    /// <summary>The states of those orders that are stored; null for a deleted one.</summary>
    public static async Task<Dictionary<Guid, OrderStamp?>> ReadStampsAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT order_id, version, updated_at FROM orders WHERE order_id = ANY ($1)
            UNION ALL
            SELECT order_id, NULL, NULL FROM sync.tombstones WHERE order_id = ANY ($1)
            """,
            connection);
        command.Parameters.Add(new() { Value = orderIds.ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var stamps = new Dictionary<Guid, OrderStamp?>(orderIds.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            OrderStamp? stamp = rows.IsDBNull(1) ? null : new(rows.GetInt64(1), rows.GetFieldValue<DateTimeOffset>(2));
            stamps.TryAdd(rows.GetGuid(0), stamp);
        }

        return stamps;
    }

    private static object? Read(NpgsqlDataReader row, int column, ColumnType type) => type switch
    {
        _ when row.IsDBNull(column) => null,
        ColumnType.Uuid => row.GetGuid(column),
        ColumnType.TimestampTz => row.GetFieldValue<DateTimeOffset>(column),
        ColumnType.Integer => row.GetInt32(column),
        ColumnType.Bigint => row.GetInt64(column),
        _ => row.GetString(column),
    };
}
