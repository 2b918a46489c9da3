using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.Snapshots;

/// <summary>Reads orders from Postgres as they stand there.</summary>
internal static class StoredOrders
{
    private const int OrderItemId = 9;

    /// <summary>Reads orders with their lines. One join and not two statements: half an order is never seen.</summary>
    public static async Task<Dictionary<Guid, StoredOrder>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT o.order_id, o.merchant_id, o.customer_id, o.status, o.currency, o.amount::text, o.placed_at, o.updated_at, o.version,
                   l.order_item_id, l.product_id, l.product_name, l.quantity, l.unit_price::text
              FROM orders AS o
              LEFT JOIN order_items AS l ON l.order_id = o.order_id
             WHERE o.order_id = ANY ($1)
             ORDER BY o.order_id, l.order_item_id
            """,
            connection);
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
                orders.Add(orderId, ReadOrder(rows, orderId, lines));
            }

            if (!rows.IsDBNull(OrderItemId))
            {
                lines.Add(new StoredLine(rows.GetInt32(OrderItemId), rows.GetString(10), rows.GetString(11), rows.GetInt32(12), rows.GetString(13)));
            }
        }

        return orders;
    }

    /// <summary>In which state the orders are of which anything is here; null for a deleted one.</summary>
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

    private static StoredOrder ReadOrder(NpgsqlDataReader row, Guid orderId, List<StoredLine> lines) => new()
    {
        OrderId = orderId,
        MerchantId = row.GetString(1),
        CustomerId = row.IsDBNull(2) ? null : row.GetString(2),
        Status = row.GetString(3),
        Currency = row.GetString(4),
        Amount = row.GetString(5),
        PlacedAt = row.GetFieldValue<DateTimeOffset>(6),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(7),
        Version = row.GetInt64(8),
        Lines = lines,
    };
}
