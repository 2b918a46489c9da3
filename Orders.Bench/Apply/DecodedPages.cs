using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Bench.Apply;

/// <summary>
/// The input of a rival: changes read by our own decoder, so that reading costs it as much as us.
/// </summary>
internal static class DecodedPages
{
    /// <summary>A page's changes: the event, and the order after it, or before a deletion.</summary>
    public static List<(StreamEvent Event, Order Order)> Read(byte[] page)
    {
        using var records = ReplayedStream.Read(page);
        var changes = new List<(StreamEvent, Order)>(records.Records.Count);
        foreach (var record in records.Records)
        {
            var image = record.Event == StreamEvent.Remove ? record.OldImage : record.NewImage;
            if (!OrderItem.TryRead(image.Span, out var order, out var fault))
            {
                throw new InvalidOperationException($"not an order: {fault}");
            }

            changes.Add((record.Event, order));
        }

        return changes;
    }
}
