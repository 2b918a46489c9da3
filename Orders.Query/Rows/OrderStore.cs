using Npgsql;
using Orders.Domain;
using Orders.Query.Cache;
using Orders.Query.Reading;

namespace Orders.Query.Rows;

/// <summary>Orders in Postgres, by their ids.</summary>
internal sealed class OrderStore(ReadModel readModel)
{
    private static readonly string OrderSql =
        $"""
        SELECT {OrderRows.Columns}
          FROM orders AS o
          LEFT JOIN order_items AS l ON l.order_id = o.order_id
         WHERE o.order_id = $1
         ORDER BY l.order_item_id
        """;

    // Read second: an order that the first statement did not find may have a tombstone by now.
    private const string TombstoneSql = "SELECT merchant_id, version FROM sync.tombstones WHERE order_id = $1";

    /// <summary>The statement that finds many.</summary>
    internal static string ManySql(bool everyMerchant) =>
        $"""
        SELECT {OrderRows.Columns}
          FROM unnest($1) WITH ORDINALITY AS asked (order_id, place)
         CROSS JOIN LATERAL (
               SELECT * FROM orders WHERE order_id = asked.order_id {(everyMerchant ? "" : "AND merchant_id = ANY ($2)")} LIMIT 1) AS o
          {OrderRows.Lines}
         ORDER BY asked.place, l.order_item_id
        """;

    /// <summary>
    /// Finds many orders with their lines, in the requested order. Unknown orders and those of other
    /// merchants are absent.
    /// </summary>
    /// <param name="orderIds">Each once.</param>
    /// <param name="merchants">The merchants; null for all.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public Task<List<OrderRow>> FindAsync(IReadOnlyList<Guid> orderIds, IReadOnlyList<string>? merchants, CancellationToken cancellationToken) =>
        readModel.ReadAsync((connection, token) => FindAsync(connection, orderIds, merchants, token), cancellationToken);

    /// <summary>Finds an order with its lines, or its tombstone, in one round trip.</summary>
    /// <exception cref="SpoiltRowsException">Its rows are not a valid order.</exception>
    public Task<VersionedOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        readModel.ReadAsync((connection, token) => FindAsync(connection, orderId, token), cancellationToken);

    private static async Task<List<OrderRow>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<Guid> orderIds, IReadOnlyList<string>? merchants, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ManySql(merchants is null), connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. orderIds] });
        if (merchants is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. merchants] });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await OrderRows.ReadAsync(rows, cancellationToken);
    }

    private static async Task<VersionedOrder?> FindAsync(NpgsqlConnection connection, Guid orderId, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(OrderSql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = orderId } } });
        batch.BatchCommands.Add(new(TombstoneSql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = orderId } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        if (await OrderRows.ReadAsync(rows, cancellationToken) is [var row])
        {
            return row.Order is { } order
                ? new(orderId, order.MerchantId, order.Version, OrderJson.Render(order))
                : throw new SpoiltRowsException(row);
        }

        await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? new(orderId, rows.GetString(0), rows.GetInt64(1), Body: null) : null;
    }
}
