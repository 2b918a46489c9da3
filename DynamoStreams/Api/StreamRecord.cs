namespace DynamoStreams.Api;

/// <summary>
/// One change of one item. The images are DynamoDB JSON as it came over the wire, slices of the page's
/// buffer: they are good until the page is disposed.
/// </summary>
public sealed record StreamRecord
{
    /// <summary>Unique in its stream.</summary>
    public required string EventId { get; init; }

    /// <summary>What happened.</summary>
    public required StreamEvent Event { get; init; }

    /// <summary>
    /// A decimal number of 1 to 40 digits. Orders the changes of one item, and no more than that.
    /// </summary>
    public required string SequenceNumber { get; init; }

    /// <summary>The item's primary key.</summary>
    public required ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>The item before the change; empty for an insert.</summary>
    public required ReadOnlyMemory<byte> OldImage { get; init; }

    /// <summary>The item after the change; empty for a removal.</summary>
    public required ReadOnlyMemory<byte> NewImage { get; init; }

    /// <summary>The whole record, for keeping.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>When it happened, in whole seconds: too coarse to measure a lag by.</summary>
    public required DateTimeOffset ApproximateCreation { get; init; }

    /// <summary>Whether the service itself removed the item because its time to live was over.</summary>
    public required bool IsTimeToLive { get; init; }

    /// <summary>
    /// Why the record cannot be decoded; null for every usual one. Of one that cannot, no more is known than
    /// its sequence number, its <see cref="Json"/> and, where they can be made out, its keys. It is set
    /// aside (<see cref="Applying.IBatchHandler.SetAsideAsync"/>), never applied.
    /// </summary>
    public string? Undecodable { get; init; }

    /// <summary>
    /// Reads a record that was kept. One that cannot be decoded comes with <see cref="Undecodable"/>.
    /// </summary>
    /// <param name="json">What <see cref="Json"/> was. The images are slices of it.</param>
    /// <exception cref="FormatException">It is no record: it has not even a sequence number.</exception>
    public static StreamRecord Parse(ReadOnlyMemory<byte> json) => RecordAnswer.Parse(json);
}
