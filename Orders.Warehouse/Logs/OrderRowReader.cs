using DynamoStreams.Api;
using DynamoStreams.Postgres;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Warehouse.Logs;

/// <summary>Reads a record of the stream as a change of an order. A pure function.</summary>
internal static class OrderRowReader
{
    // The service documents up to 40 digits.
    private const int SequenceDigits = 40;

    /// <summary>Reads a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="streamArn">Its stream.</param>
    /// <param name="shard">Its shard.</param>
    /// <returns>The row; or why it cannot be one; or neither, when the item is no order or nothing
    /// changed.</returns>
    public static (OrderLogRow? Row, RefusedRecord? Refused) Read(StreamRecord record, string streamArn, string shard)
    {
        if (record.Undecodable is { } reason)
        {
            return (null, Refuse($"the record cannot be decoded: {reason}"));
        }

        var isRemoval = record.Event == StreamEvent.Remove;
        var image = isRemoval ? record.OldImage : record.NewImage;
        if (OrderItem.TryRead(image.Span, out var order, out var fault))
        {
            // AWS writes no record for a write that changes nothing; emulators may.
            return record.OldImage.Span.SequenceEqual(record.NewImage.Span) ? default : (Row(order, record.Event), null);
        }

        if (fault.Kind == ItemFaultKind.OtherEntity && record.Event == StreamEvent.Insert)
        {
            return default;
        }

        var key = ItemKey.Of(record.Keys);
        if ((isRemoval || fault.Kind == ItemFaultKind.OtherEntity) && OrderItem.TryReadKey(key, out var gone))
        {
            // The order was deleted, or is another kind of item now. The old image is not needed to see
            // that.
            return (Gone(gone), null);
        }

        return fault.Kind == ItemFaultKind.OtherEntity || (fault.Kind == ItemFaultKind.Unknown && !OrderItem.IsKey(key)) ? default : (null, Refuse(fault.ToString()));

        OrderLogRow Row(Order read, StreamEvent happened) => new()
        {
            OrderId = read.OrderId,
            Version = happened == StreamEvent.Remove ? read.Version + 1 : read.Version,
            Change = (happened switch { StreamEvent.Insert => ChangeKind.Placed, StreamEvent.Remove => ChangeKind.Deleted, _ => ChangeKind.Changed }).Name(),
            Last = read,
            ChangedAt = happened == StreamEvent.Remove && record.ApproximateCreation > read.UpdatedAt ? record.ApproximateCreation : read.UpdatedAt,
            StreamedAt = record.ApproximateCreation,
            Shard = shard,
            Sequence = Pad(record.SequenceNumber),
            IsTimeToLive = record.IsTimeToLive,
            Item = image,
        };

        OrderLogRow Gone(Guid orderId) => new()
        {
            OrderId = orderId,
            Version = null,
            Change = ChangeKind.Deleted.Name(),
            Last = null,
            ChangedAt = record.ApproximateCreation,
            StreamedAt = record.ApproximateCreation,
            Shard = shard,
            Sequence = Pad(record.SequenceNumber),
            IsTimeToLive = record.IsTimeToLive,
            Item = record.OldImage,
        };

        RefusedRecord Refuse(string why) => new()
        {
            Reason = why,
            StreamArn = streamArn,
            Shard = shard,
            Sequence = record.SequenceNumber,
            StreamedAt = record.ApproximateCreation < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : record.ApproximateCreation,
            Record = record.Json.ToArray(),
        };
    }

    /// <summary>A sequence number with zeros on the left, so that the order of texts is that of
    /// numbers.</summary>
    public static string Pad(string sequence) => sequence.PadLeft(SequenceDigits, '0');
}
