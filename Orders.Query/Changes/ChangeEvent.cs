using System.Buffers;
using System.Text;
using System.Text.Json;
using Orders.Domain;

namespace Orders.Query.Changes;

/// <summary>A change as clients receive it: rendered once for all clients.</summary>
internal sealed class ChangeEvent
{
    private ChangeEvent(ChangeRow row, string? customerId, byte[] frame) =>
        (Position, MerchantId, CustomerId, Frame) = (row.Position, row.MerchantId, customerId, frame);

    /// <summary>Its place in the feed, with the order and the revision.</summary>
    public ChangePosition Position { get; }

    /// <summary>Whose order it is.</summary>
    public string MerchantId { get; }

    /// <summary>The customer, if known.</summary>
    public string? CustomerId { get; }

    /// <summary>The bytes of the event, including its end.</summary>
    public byte[] Frame { get; }

    /// <summary>Renders a change.</summary>
    /// <param name="row">The change.</param>
    /// <param name="feed">Which feed it is of.</param>
    /// <param name="seal">Seals its id.</param>
    /// <param name="cachedAt">When Redis announced it; null when it has not (yet).</param>
    public static ChangeEvent Render(ChangeRow row, string feed, ChangeIdSeal seal, DateTimeOffset? cachedAt)
    {
        var frame = new ArrayBufferWriter<byte>(row.Body.Length + 512);
        frame.Write(Encoding.ASCII.GetBytes($"event: {row.Change}\nid: {seal.Close(new(feed, row.Position))}\ndata: "));
        using (var json = new Utf8JsonWriter(frame))
        {
            json.WriteStartObject();
            json.WriteString("order_id"u8, row.Position.OrderId);
            json.WriteNumber("version"u8, row.Version);
            json.WriteNumber("revision"u8, row.Position.Revision);
            json.WriteString("merchant_id"u8, row.MerchantId);
            json.WriteString("change"u8, row.Change);
            json.WriteString("changed_at"u8, Timestamp.Text(row.ChangedAt));
            json.WriteString("projected_at"u8, Timestamp.Text(row.ProjectedAt));
            json.WriteString("cached_at"u8, cachedAt is { } time ? Timestamp.Text(time) : null);
            json.WritePropertyName("order"u8);
            if (row.IsDeletion)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteRawValue(OnOneLine(row.Body), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        frame.Write("\n\n"u8);
        return new(row, FindCustomer(row.Body), frame.WrittenSpan.ToArray());
    }

    // A line break would end the event's data. In JSON it can only be white space.
    private static byte[] OnOneLine(byte[] body)
    {
        if (body.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return body;
        }

        return Array.ConvertAll(body, character => character is (byte)'\n' or (byte)'\r' ? (byte)' ' : character);
    }

    private static string? FindCustomer(byte[] body)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (json.ValueTextEquals("customer_id"u8))
            {
                return json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }

            json.Skip();
        }

        return null;
    }
}
