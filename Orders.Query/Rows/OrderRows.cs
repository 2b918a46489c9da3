using Npgsql;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Query.Rows;

/// <summary>
/// Reads orders joined with their lines: one row for each line, or one with nulls for an order without
/// lines.
/// </summary>
internal static class OrderRows
{
    /// <summary>
    /// The columns, of <c>orders AS o</c> and <c>order_items AS l</c>. One join instead of two statements,
    /// so that an order is never read in part.
    /// </summary>
    public static readonly string Columns =
        $"{string.Join(", ", OrderFields.Columns.Select(field => $"o.{field.Name}"))}, l.{LineFields.OrderItemId}, {string.Join(", ", LineFields.Columns.Select(field => $"l.{field.Name}"))}";

    /// <summary>
    /// Joins the lines to orders <c>AS o</c>. OFFSET makes it an index lookup for each order; for a plain
    /// join the planner may hash all lines of the table.
    /// </summary>
    public const string Lines =
        """
        LEFT JOIN LATERAL (
                   SELECT * FROM order_items WHERE order_id = o.order_id ORDER BY order_item_id OFFSET 0) AS l ON true
        """;

    /// <summary>The columns of an order alone.</summary>
    public static readonly string OrderColumns = string.Join(", ", OrderFields.Columns.Select(field => field.Name));

    private static readonly int OrderId = OrderFields.IndexOf(OrderFields.OrderId);
    private static readonly int MerchantId = OrderFields.IndexOf(OrderFields.MerchantId);
    private static readonly int CustomerId = OrderFields.IndexOf(OrderFields.CustomerId);
    private static readonly int Status = OrderFields.IndexOf(OrderFields.Status);
    private static readonly int CurrencyCode = OrderFields.IndexOf(OrderFields.Currency);
    private static readonly int Amount = OrderFields.IndexOf(OrderFields.Amount);
    private static readonly int PlacedAt = OrderFields.IndexOf(OrderFields.PlacedAt);
    private static readonly int UpdatedAt = OrderFields.IndexOf(OrderFields.UpdatedAt);
    private static readonly int Version = OrderFields.IndexOf(OrderFields.Version);
    private static readonly int OrderItemId = OrderFields.Columns.Count;
    private static readonly int ProductId = OrderItemId + 1 + LineFields.IndexOf(LineFields.ProductId);
    private static readonly int ProductName = OrderItemId + 1 + LineFields.IndexOf(LineFields.ProductName);
    private static readonly int Quantity = OrderItemId + 1 + LineFields.IndexOf(LineFields.Quantity);
    private static readonly int UnitPrice = OrderItemId + 1 + LineFields.IndexOf(LineFields.UnitPrice);

    /// <summary>
    /// Reads the whole result. The rows of an order must be adjacent, with its lines in order.
    /// </summary>
    public static async Task<List<OrderRow>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var orders = new List<OrderRow>();
        List<OrderLine> lines = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            var orderId = rows.GetGuid(OrderId);
            if (orders is [] || orders[^1].Place.OrderId != orderId)
            {
                lines = [];
                orders.Add(ReadRow(rows, orderId, lines));
            }

            if (orders[^1].Order is not { } order || rows.IsDBNull(OrderItemId))
            {
                continue;
            }

            if (ReadLine(rows, order.Currency) is { } line)
            {
                lines.Add(line);
            }
            else
            {
                orders[^1] = orders[^1] with { Order = null };
            }
        }

        return orders;
    }

    private static OrderRow ReadRow(NpgsqlDataReader row, Guid orderId, List<OrderLine> lines)
    {
        var (merchantId, customerId) = (row.GetString(MerchantId), row.IsDBNull(CustomerId) ? null : row.GetString(CustomerId));
        var place = new Keyset(row.GetFieldValue<DateTimeOffset>(PlacedAt), orderId);
        if (!OrderStatuses.TryFind(row.GetString(Status), out var status) || !Currency.TryFind(row.GetString(CurrencyCode), out var currency) || ReadNumber(row, Amount) is not { } amount)
        {
            return new(place, merchantId, customerId, Order: null);
        }

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
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(UpdatedAt),
            Version = row.GetInt64(Version),
        });
    }

    private static OrderLine? ReadLine(NpgsqlDataReader row, Currency currency) =>
        ReadNumber(row, UnitPrice) is { } price
            ? new(row.GetInt32(OrderItemId), row.GetString(ProductId), row.GetString(ProductName), row.GetInt32(Quantity), currency.Scale(price))
            : null;

    // A numeric may be too large for a decimal, or NaN. Orders.Sync writes neither.
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
