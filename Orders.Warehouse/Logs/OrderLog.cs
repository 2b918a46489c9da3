using DuckDB.NET.Data;
using Orders.Domain;

namespace Orders.Warehouse.Logs;

/// <summary>The log of orders: its columns, and how a row is appended.</summary>
internal static class OrderLog
{
    /// <summary>Its name, and its folder in the lake.</summary>
    public const string Name = "orders_changes";

    /// <summary>The log of records that cannot be typed; its files are NDJSON.</summary>
    public const string Quarantine = "quarantine/orders_changes";

    // 12 digits before the point and 8 after it: the largest amount that an item may hold, in every currency
    // (OrderFields.MostMoney, MoneyDigits).
    private const string Money = "DECIMAL(20,8)";

    // A list of structs cannot be appended. Lists of their fields can, and the copy zips them: a tenth of
    // what reading JSON takes.
    private const string Items = $"STRUCT(product_id VARCHAR, product_name VARCHAR, quantity BIGINT, unit_price {Money})[]";

    /// <summary>The columns.</summary>
    public static LogSchema Schema { get; } = new(
        $"""
        order_id UUID, version BIGINT, change VARCHAR, merchant_id VARCHAR, customer_id VARCHAR, status VARCHAR, currency VARCHAR, amount {Money},
        items VARCHAR[], names VARCHAR[], quantities BIGINT[], prices {Money}[],
        placed_at TIMESTAMPTZ, changed_at TIMESTAMPTZ, streamed_at TIMESTAMPTZ, source VARCHAR, shard VARCHAR, sequence VARCHAR, is_ttl BOOLEAN, item VARCHAR
        """,
        $"* EXCLUDE (names, quantities, prices) REPLACE (CASE WHEN items IS NOT NULL THEN list_zip(items, names, quantities, prices)::{Items} END AS items)");

    /// <summary>Appends a row.</summary>
    public static void Append(DuckDBAppender appender, OrderLogRow row)
    {
        var order = row.Last;
        var line = appender.CreateRow()
            .AppendValue((Guid?)row.OrderId)
            .AppendValue(row.Version)
            .AppendValue(row.Change)
            .AppendValue(order?.MerchantId)
            .AppendValue(order?.CustomerId)
            .AppendValue(order?.Status.Name())
            .AppendValue(order?.Currency.Code)
            .AppendValue(order?.Amount);
        line = List(line, order?.Items, item => item.ProductId);
        line = List(line, order?.Items, item => item.ProductName);
        line = List(line, order?.Items, item => (long)item.Quantity);
        line = List(line, order?.Items, item => item.UnitPrice);
        _ = Time(Time(Time(line, order?.PlacedAt), row.ChangedAt), row.StreamedAt)
            .AppendValue(row.Sequence is null ? "snapshot" : "stream")
            .AppendValue(row.Shard)
            .AppendValue(row.Sequence)
            .AppendValue((bool?)row.IsTimeToLive)
            .AppendValue(row.Item);
        line.EndRow();
    }

    private static IDuckDBAppenderRow Time(IDuckDBAppenderRow row, DateTimeOffset? time) => time is { } known ? row.AppendValue(known.UtcDateTime) : row.AppendNullValue();

    private static IDuckDBAppenderRow List<T>(IDuckDBAppenderRow row, IReadOnlyList<OrderLine>? lines, Func<OrderLine, T> field) =>
        lines is null ? row.AppendNullValue() : row.AppendValue(lines.Select(field).ToList());
}
