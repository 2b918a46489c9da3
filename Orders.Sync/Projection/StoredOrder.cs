using System.Text.Json;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Sync.Projection;

/// <summary>
/// An order as it is stored in Postgres. Someone may have edited it by hand, so it may hold anything that
/// the columns accept.
/// </summary>
/// <param name="Columns"> The columns' values, in the order of <see cref="OrderFields.Columns"/>:
/// <see cref="Guid"/>, <see cref="string"/>, <see cref="DateTimeOffset"/>, <see cref="int"/>,
/// <see cref="long"/>, null; numbers as text, since Postgres allows more digits than a decimal. </param>
/// <param name="Lines">The lines by their number, from 1.</param>
internal sealed record StoredOrder(IReadOnlyList<object?> Columns, IReadOnlyList<StoredLine> Lines)
{
    private static readonly int OrderIdColumn = OrderFields.IndexOf(OrderFields.OrderId);
    private static readonly int MerchantIdColumn = OrderFields.IndexOf(OrderFields.MerchantId);
    private static readonly int StatusColumn = OrderFields.IndexOf(OrderFields.Status);
    private static readonly int CurrencyColumn = OrderFields.IndexOf(OrderFields.Currency);
    private static readonly int PlacedAtColumn = OrderFields.IndexOf(OrderFields.PlacedAt);
    private static readonly int UpdatedAtColumn = OrderFields.IndexOf(OrderFields.UpdatedAt);
    private static readonly int VersionColumn = OrderFields.IndexOf(OrderFields.Version);

    public Guid OrderId => (Guid)Columns[OrderIdColumn]!;

    public string MerchantId => (string)Columns[MerchantIdColumn]!;

    public DateTimeOffset PlacedAt => (DateTimeOffset)Columns[PlacedAtColumn]!;

    public DateTimeOffset UpdatedAt => (DateTimeOffset)Columns[UpdatedAtColumn]!;

    public long Version => (long)Columns[VersionColumn]!;

    /// <summary>
    /// The order, for the record of its removal. If the row is invalid, it is the nearest valid order.
    /// </summary>
    public Order ToOrder()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            for (var i = 0; i < Columns.Count; i++)
            {
                writer.WritePropertyName(OrderFields.Columns[i].Name);
                JsonSerializer.Serialize(writer, Nearest(i));
            }

            writer.WriteStartArray(OrderFields.Items.Name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        var order = OrderJson.Read(json.ToArray());
        return order with
        {
            // Cut to milliseconds.
            PlacedAt = PlacedAt,
            UpdatedAt = UpdatedAt,
            Amount = order.Currency.Scale(order.Amount),
            Items = [.. Lines.Select(line => new OrderLine(line.OrderItemId, line.ProductId, line.ProductName, line.Quantity, order.Currency.Scale(Number(line.UnitPrice))))],
        };
    }

    private object? Nearest(int column) =>
        column == StatusColumn ? OrderStatuses.TryFind((string)Columns[column]!, out var status) ? status.Name() : OrderStatus.Placed.Name()
        : column == CurrencyColumn ? Currency.TryFind((string)Columns[column]!, out var currency) ? currency.Code : "USD"
        : OrderFields.Columns[column].Column == ColumnType.Numeric ? Number((string?)Columns[column])
        : Columns[column] is DateTimeOffset time ? Timestamp.Text(time)
        : Columns[column];

    private static decimal Number(string? text) => ExactDecimal.TryParse(text, out var value) ? value : 0;
}
