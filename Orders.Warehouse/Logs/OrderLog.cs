using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
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
    /// <summary>The type of amounts.</summary>
    public const string Money = "DECIMAL(20,8)";

    // A list of structs cannot be appended. Lists of their fields can, and the copy zips them: a tenth of
    // what reading JSON takes.
    /// <summary>The type of the lines.</summary>
    public const string Items = $"STRUCT(product_id VARCHAR, product_name VARCHAR, quantity BIGINT, unit_price {Money})[]";

    /// <summary>The columns.</summary>
    public static LogSchema Schema { get; } = new(
        $"""
        order_id UUID, version BIGINT, change VARCHAR, merchant_id VARCHAR, customer_id VARCHAR, status VARCHAR, currency VARCHAR, amount {Money},
        items VARCHAR[], names VARCHAR[], quantities BIGINT[], prices {Money}[],
        placed_at TIMESTAMPTZ, changed_at TIMESTAMPTZ, streamed_at TIMESTAMPTZ, source VARCHAR, shard VARCHAR, sequence VARCHAR, is_ttl BOOLEAN, item VARCHAR
        """,
        $"* EXCLUDE (names, quantities, prices) REPLACE (CASE WHEN items IS NOT NULL THEN list_zip(items, names, quantities, prices)::{Items} END AS items)");

    /// <summary>A relation of no change.</summary>
    public static string Nothing { get; } =
        $"""
        (SELECT NULL::UUID AS order_id, NULL::BIGINT AS version, NULL::VARCHAR AS change, NULL::VARCHAR AS merchant_id, NULL::VARCHAR AS customer_id, NULL::VARCHAR AS status, NULL::VARCHAR AS currency,
                NULL::{Money} AS amount, NULL::{Items} AS items, NULL::TIMESTAMPTZ AS placed_at, NULL::TIMESTAMPTZ AS changed_at, NULL::VARCHAR AS sequence WHERE false)
        """;

    /// <summary>Appends rows.</summary>
    public static void Append(DuckDBAppender appender, IEnumerable<OrderLogRow> rows)
    {
        var lists = new LineLists([], [], [], []);
        foreach (var row in rows)
        {
            Append(appender, row, lists);
        }
    }

    private static void Append(DuckDBAppender appender, OrderLogRow row, LineLists lists)
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
        line = order is null
            ? line.AppendNullValue().AppendNullValue().AppendNullValue().AppendNullValue()
            : lists.Fill(order.Items).AppendTo(line);
        line = Time(Time(Time(line, order?.PlacedAt), row.ChangedAt), row.StreamedAt)
            .AppendValue(row.Sequence is null ? "snapshot" : "stream")
            .AppendValue(row.Shard)
            .AppendValue(row.Sequence)
            .AppendValue((bool?)row.IsTimeToLive);
        // A span that cannot be written to is not taken; it is only read.
        _ = Utf8.IsValid(row.Item.Span) ? line.AppendValue(MemoryMarshal.AsMemory(row.Item).Span) : line.AppendValue(Encoding.UTF8.GetString(row.Item.Span));
        line.EndRow();
    }

    private static IDuckDBAppenderRow Time(IDuckDBAppenderRow row, DateTimeOffset? time) => time is { } known ? row.AppendValue(known.UtcDateTime) : row.AppendNullValue();

    // The lists are copied while they are appended; the next row has the same ones.
    private sealed record LineLists(List<string> Ids, List<string> Names, List<long> Quantities, List<decimal> Prices)
    {
        public LineLists Fill(IReadOnlyList<OrderLine> lines)
        {
            Ids.Clear();
            Names.Clear();
            Quantities.Clear();
            Prices.Clear();
            for (var at = 0; at < lines.Count; at++)
            {
                var line = lines[at];
                Ids.Add(line.ProductId);
                Names.Add(line.ProductName);
                Quantities.Add(line.Quantity);
                Prices.Add(line.UnitPrice);
            }

            return this;
        }

        public IDuckDBAppenderRow AppendTo(IDuckDBAppenderRow row) => row.AppendValue(Ids).AppendValue(Names).AppendValue(Quantities).AppendValue(Prices);
    }
}
