using System.Text.Json;
using DynamoStreams.Api;
using Orders.Domain.Fields;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>Finds the merchant of a record that cannot be read as an order.</summary>
internal static class MerchantOf
{
    /// <summary>
    /// Finds the merchant's id in one of the images; null when there is none, or it cannot be an id.
    /// </summary>
    public static string? Record(StreamRecord record)
    {
        try
        {
            var reader = new Utf8JsonReader((record.NewImage.IsEmpty ? record.OldImage : record.NewImage).Span, new JsonReaderOptions { MaxDepth = OrderItem.JsonDepth });
            _ = reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals(OrderAttributes.MerchantId))
                {
                    reader.Skip();
                    continue;
                }

                // {"S":"…"}
                _ = reader.Read() && reader.Read() && reader.Read();
                return reader.TokenType == JsonTokenType.String && reader.GetString() is { } merchant && OrderFields.MerchantIdRule.Item.Allows(merchant) ? merchant : null;
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The record is broken here too.
        }

        return null;
    }
}
