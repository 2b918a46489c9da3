using Amazon.DynamoDBv2.Model;
using DynamoStreams.Snapshots;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Snapshots;

/// <summary>
/// Writes what a scan of the table finds into the log: some pages of a segment to a file, in the same three
/// steps as a range of the stream. A page counts when its file does; after a crash it is read again.
/// </summary>
internal sealed class SnapshotScan(Snapshot snapshot, IReadOnlyDictionary<int, int> ordinals, LogSnapshotStore store, LogWriter writer, int fileRows, TimeProvider time) : IScanHandler
{
    private readonly Dictionary<int, Part> _parts = ordinals.ToDictionary(entry => entry.Key, entry => new Part { Ordinal = entry.Value });

    /// <summary>How many orders were found so far.</summary>
    public long Found => _parts.Values.Sum(part => part.Found);

    public async Task ApplyAsync(ScanPage page, CancellationToken cancellationToken)
    {
        var part = _parts[page.Position.Segment];
        var readAt = time.GetUtcNow();
        foreach (var item in page.Items)
        {
            Add(part, item, readAt);
        }

        if (part.Rows >= fileRows || page.EndsSegment)
        {
            await WriteAsync(part, page, cancellationToken);
        }
    }

    private void Add(Part part, Dictionary<string, AttributeValue> item, DateTimeOffset readAt)
    {
        if (OrderItem.TryRead(item, out var order, out var fault))
        {
            part.Files.Add(Row(order, item, readAt));
        }
        else if (fault.Kind is not (ItemFaultKind.OtherEntity or ItemFaultKind.Unknown))
        {
            part.Files.Add(Refused(fault, item, readAt));
        }
        else
        {
            return;
        }

        part.Rows++;
    }

    private OrderLogRow Row(Order order, Dictionary<string, AttributeValue> item, DateTimeOffset readAt) => new()
    {
        OrderId = order.OrderId,
        Version = order.Version,
        Change = "found",
        Last = order,
        ChangedAt = order.UpdatedAt,
        StreamedAt = readAt,
        Shard = snapshot.Name,
        Item = System.Text.Encoding.UTF8.GetBytes(DynamoJsonWriter.Write(item)),
    };

    // The quarantine holds records: an item that was found is one that was inserted.
    private RefusedRecord Refused(ItemFault fault, Dictionary<string, AttributeValue> item, DateTimeOffset readAt)
    {
        Dictionary<string, AttributeValue> key = new(StringComparer.Ordinal) { [OrderAttributes.Pk] = item[OrderAttributes.Pk], [OrderAttributes.Sk] = item[OrderAttributes.Sk] };
        var record = FormattableString.Invariant(
            $$$"""
            {"eventName":"INSERT","dynamodb":{"ApproximateCreationDateTime":{{{readAt.ToUnixTimeSeconds()}}},"Keys":{{{DynamoJsonWriter.Write(key)}}},"SequenceNumber":"0","NewImage":{{{DynamoJsonWriter.Write(item)}}}}}
            """);
        return new()
        {
            Reason = fault.ToString(),
            StreamArn = "",
            Shard = snapshot.Name,
            Sequence = "0",
            StreamedAt = readAt,
            Record = System.Text.Encoding.UTF8.GetBytes(record),
        };
    }

    private async Task WriteAsync(Part part, ScanPage page, CancellationToken cancellationToken)
    {
        var source = FormattableString.Invariant($"snapshot/{snapshot.Id}/{page.Position.Segment}");
        var name = FormattableString.Invariant($"{snapshot.Name}-{page.Position.Segment}-{part.Ordinal}");
        var (written, unwritten) = await SnapshotFiles.WriteAsync(snapshot, store, writer, source, name, part.Files, cancellationToken);
        await store.CommitAsync(snapshot, page.Next, page.EndsSegment, part.Rows, written, unwritten, cancellationToken);
        part.Found += part.Rows;
        part.Ordinal++;
        (part.Files, part.Rows) = (new(), 0);
    }

    private sealed class Part
    {
        public LogFiles Files { get; set; } = new();

        public int Rows { get; set; }

        public int Ordinal { get; set; }

        public long Found { get; set; }
    }
}
