using Npgsql;
using Orders.Domain;

namespace Orders.Query;

/// <summary>Reads orders joined with their lines: a row for each line, or one of nulls where an order has none.</summary>
internal static class OrderRows
{
    /// <summary>The columns, of <c>orders AS o</c> and <c>order_items AS l</c>. One join and not two statements: half an order is never seen.</summary>
    public const string Columns =
        """
        o.order_id, o.merchant_id, o.customer_id, o.status, o.currency, o.amount, o.placed_at, o.updated_at, o.version,
               l.order_item_id, l.product_id, l.product_name, l.quantity, l.unit_price
        """;

    /// <summary>
    /// Joins the lines to orders <c>AS o</c>. OFFSET makes it an index probe for each order: as a plain join the planner may hash all lines there are.
    /// </summary>
    public const string Lines =
        """
        LEFT JOIN LATERAL (
                   SELECT * FROM order_items WHERE order_id = o.order_id ORDER BY order_item_id OFFSET 0) AS l ON true
        """;

    private const int OrderItemId = 9;

    /// <summary>Reads to the end of the result. The rows of an order must come together, its lines in their order.</summary>
    public static async Task<List<OrderRow>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var orders = new List<OrderRow>();
        List<OrderLine> lines = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            var orderId = rows.GetGuid(0);
            if (orders is [] || orders[^1].Place.OrderId != orderId)
            {
                lines = [];
                orders.Add(ReadRow(rows, orderId, lines));
            }

            if (orders[^1].Order is not { } order || rows.IsDBNull(OrderItemId))
                continue;
            if (ReadLine(rows, order.Currency) is { } line)
                lines.Add(line);
            else
                orders[^1] = orders[^1] with { Order = null };
        }

        return orders;
    }

    private static OrderRow ReadRow(NpgsqlDataReader row, Guid orderId, List<OrderLine> lines)
    {
        var (merchantId, customerId) = (row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2));
        var place = new Keyset(row.GetFieldValue<DateTimeOffset>(6), orderId);
        if (!OrderStatuses.TryFind(row.GetString(3), out var status) || !Currency.TryFind(row.GetString(4), out var currency) || ReadNumber(row, 5) is not { } amount)
            return new(place, merchantId, customerId, Order: null);
        return new(place, merchantId, customerId, new()
        {
            OrderId = orderId,
            MerchantId = merchantId,
            CustomerId = customerId,
            Status = status,
            Currency = currency,
            Amount = currency.Scale(amount),
            Items = lines,
            PlacedAt = place.PlacedAt,
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(7),
            Version = row.GetInt64(8),
        });
    }

    private static OrderLine? ReadLine(NpgsqlDataReader row, Currency currency) =>
        ReadNumber(row, 13) is { } price ? new(row.GetInt32(OrderItemId), row.GetString(10), row.GetString(11), row.GetInt32(12), currency.Scale(price)) : null;

    // Postgres has numbers that a decimal does not hold, and what is no number at all. Orders.Sync writes neither.
    private static decimal? ReadNumber(NpgsqlDataReader row, int column)
    {
        try
        {
            return row.GetDecimal(column);
        }
        catch (Exception notDecimal) when (notDecimal is OverflowException or InvalidCastException)
        {
            return null;
        }
    }
}
