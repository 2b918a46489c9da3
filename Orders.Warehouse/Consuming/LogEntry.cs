using DynamoStreams.Api;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Consuming;

/// <summary>What the log gets of one record: a row, a line of the quarantine, or nothing.</summary>
/// <param name="Record">The record. Its images are valid until its batch is applied.</param>
/// <param name="Row">The change of an order; null when it is none, or cannot be typed.</param>
/// <param name="Refused">The line of the quarantine; null when there is none.</param>
internal sealed record LogEntry(StreamRecord Record, OrderLogRow? Row, RefusedRecord? Refused)
{
    /// <summary>The record's place in its shard.</summary>
    public string Place => Record.SequenceNumber;

    /// <summary>The same, for longer than its batch.</summary>
    public LogEntry Kept() => Row is null ? this : this with { Row = Row with { Item = Row.Item.ToArray() } };
}
