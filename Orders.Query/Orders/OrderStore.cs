using Npgsql;
using Orders.Domain;

namespace Orders.Query;

/// <summary>Orders in Postgres, one at a time.</summary>
internal sealed class OrderStore(NpgsqlDataSource postgres)
{
    private const string OrderSql =
        $"""
        SELECT {OrderRows.Columns}
          FROM orders AS o
          LEFT JOIN order_items AS l ON l.order_id = o.order_id
         WHERE o.order_id = $1
         ORDER BY l.order_item_id
        """;

    // Asked second: what the first statement saw deleted has its tombstone by now.
    private const string TombstoneSql = "SELECT merchant_id, version FROM sync.tombstones WHERE order_id = $1";

    /// <summary>Finds an order with its lines, or its tombstone, in one round trip.</summary>
    public async Task<StoredOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var batch = postgres.CreateBatch();
        batch.BatchCommands.Add(new(OrderSql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = orderId } } });
        batch.BatchCommands.Add(new(TombstoneSql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = orderId } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        if (await OrderRows.ReadAsync(rows, cancellationToken) is [var order])
            return new(orderId, order.MerchantId, order.Version, OrderJson.Render(order));

        await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? new(orderId, rows.GetString(0), rows.GetInt64(1), Body: null) : null;
    }
}
