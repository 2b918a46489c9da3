using System.Text.Json;
using DynamoStreams.Api;
using Orders.Domain.Fields;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>Whose order a record is that cannot be read as an order.</summary>
internal static class MerchantOf
{
    /// <summary>
    /// Finds the merchant's id in whichever image there is; null where there is none that could be a
    /// merchant's.
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
            // Broken further than that.
        }

        return null;
    }
}
