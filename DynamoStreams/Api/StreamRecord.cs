namespace DynamoStreams.Api;

/// <summary>
/// One change of one item. The images are DynamoDB JSON, slices of the page's buffer: they are valid until
/// the page is disposed of.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/StreamRecord"/>
/// </summary>
public sealed record StreamRecord
{
    /// <summary>Unique in its stream.</summary>
    public required string EventId { get; init; }

    /// <summary>What happened.</summary>
    public required StreamEvent Event { get; init; }

    /// <summary>
    /// A decimal number; the service documents 21 to 40 digits, emulators use fewer. It orders the changes
    /// of one item only.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/StreamRecord"/>
    /// </summary>
    public required string SequenceNumber { get; init; }

    /// <summary>The item's primary key.</summary>
    public required ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>The item before the change; empty for an insert.</summary>
    public required ReadOnlyMemory<byte> OldImage { get; init; }

    /// <summary>The item after the change; empty for a removal.</summary>
    public required ReadOnlyMemory<byte> NewImage { get; init; }

    /// <summary>The whole record as JSON, to store it.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>
    /// When it happened, rounded down to a whole second: too coarse to measure a lag.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/StreamRecord"/>
    /// </summary>
    public required DateTimeOffset ApproximateCreation { get; init; }

    /// <summary>
    /// Whether the service deleted the item because its time to live (TTL) had expired. Such a record
    /// carries a userIdentity.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html"/>
    /// </summary>
    public required bool IsTimeToLive { get; init; }

    /// <summary>
    /// Why the record cannot be decoded; null for a sound one. Of a poison record only the sequence number,
    /// <see cref="Json"/> and, where they can be read, the keys are known. It is set aside
    /// (<see cref="Applying.IBatchHandler.SetAsideAsync"/>), never applied.
    /// </summary>
    public string? Undecodable { get; init; }

    /// <summary>
    /// Reads a stored record. A record that cannot be decoded has <see cref="Undecodable"/>.
    /// </summary>
    /// <param name="json">The value of <see cref="Json"/>. The images are slices of it.</param>
    /// <exception cref="FormatException">It is no record: it has no sequence number.</exception>
    public static StreamRecord Parse(ReadOnlyMemory<byte> json) => RecordAnswer.Parse(json);
}
