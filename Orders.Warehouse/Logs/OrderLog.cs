using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
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

    // A list of structs cannot be appended. Its text can, and the copy makes the list; a price is text in
    // it, and so exact.
    private const string Items = $$"""[{"product_id":"VARCHAR","product_name":"VARCHAR","quantity":"BIGINT","unit_price":"{{Money}}"}]""";

    /// <summary>The columns.</summary>
    public static LogSchema Schema { get; } = new(
        $"""
        order_id UUID, version BIGINT, change VARCHAR, merchant_id VARCHAR, customer_id VARCHAR, status VARCHAR, currency VARCHAR, amount {Money}, items VARCHAR,
        placed_at TIMESTAMPTZ, changed_at TIMESTAMPTZ, streamed_at TIMESTAMPTZ, source VARCHAR, shard VARCHAR, sequence VARCHAR, is_ttl BOOLEAN, item VARCHAR
        """,
        $"* REPLACE (from_json(items, '{Items}') AS items)");

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
            .AppendValue(order?.Amount)
            .AppendValue(order is null ? null : ItemsText(order.Items));
        _ = Time(Time(Time(line, order?.PlacedAt), row.ChangedAt), row.StreamedAt)
            .AppendValue(row.Sequence is null ? "snapshot" : "stream")
            .AppendValue(row.Shard)
            .AppendValue(row.Sequence)
            .AppendValue((bool?)row.IsTimeToLive)
            .AppendValue(row.Item);
        line.EndRow();
    }

    private static IDuckDBAppenderRow Time(IDuckDBAppenderRow row, DateTimeOffset? time) => time is { } known ? row.AppendValue(known.UtcDateTime) : row.AppendNullValue();

    private static string ItemsText(IReadOnlyList<OrderLine> lines)
    {
        if (lines.Count == 0)
        {
            return "[]";
        }

        var buffer = new ArrayBufferWriter<byte>(lines.Count * 120);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartArray();
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString("product_id"u8, line.ProductId);
                json.WriteString("product_name"u8, line.ProductName);
                json.WriteNumber("quantity"u8, line.Quantity);
                json.WriteString("unit_price"u8, line.UnitPrice.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
