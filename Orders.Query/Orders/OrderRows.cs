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
    /// Joins the lines to orders <c>AS o</c>. LIMIT makes it an index probe for each order: as a plain join the planner may hash all lines there are.
    /// </summary>
    public static readonly string Lines =
        $"""
        LEFT JOIN LATERAL (
                   SELECT * FROM order_items WHERE order_id = o.order_id ORDER BY order_item_id LIMIT {OrderLimits.Lines}) AS l ON true
        """;

    private const int OrderItemId = 9;

    /// <summary>Reads to the end of the result. The rows of an order must come together, its lines in their order.</summary>
    public static async Task<List<Order>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var orders = new List<Order>();
        List<OrderLine> lines = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            var orderId = rows.GetGuid(0);
            if (orders is [] || orders[^1].OrderId != orderId)
            {
                lines = [];
                orders.Add(ReadOrder(rows, orderId, lines));
            }

            if (!rows.IsDBNull(OrderItemId))
                lines.Add(ReadLine(rows, orders[^1].Currency));
        }

        return orders;
    }

    private static Order ReadOrder(NpgsqlDataReader row, Guid orderId, List<OrderLine> lines)
    {
        var (status, currency) = (row.GetString(3), row.GetString(4));
        if (!OrderStatuses.TryFind(status, out var knownStatus) || !Currency.TryFind(currency, out var knownCurrency))
            throw new InvalidDataException($"The read model has the order {orderId} with the status '{status}' and the currency '{currency}'.");
        return new()
        {
            OrderId = orderId,
            MerchantId = row.GetString(1),
            CustomerId = row.IsDBNull(2) ? null : row.GetString(2),
            Status = knownStatus,
            Currency = knownCurrency,
            Amount = knownCurrency.Scale(row.GetDecimal(5)),
            Items = lines,
            PlacedAt = row.GetFieldValue<DateTimeOffset>(6),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(7),
            Version = row.GetInt64(8),
        };
    }

    private static OrderLine ReadLine(NpgsqlDataReader row, Currency currency) =>
        new(row.GetInt32(OrderItemId), row.GetString(10), row.GetString(11), row.GetInt32(12), currency.Scale(row.GetDecimal(13)));
}
