using Orders.Domain;

namespace Orders.Warehouse.Logs;

/// <summary>A change of an order, as a row of the log.</summary>
internal sealed record OrderLogRow
{
    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>Its version; of a deletion the one after the last. Null when that cannot be read.</summary>
    public required long? Version { get; init; }

    /// <summary><c>placed</c>, <c>changed</c> or <c>deleted</c>; of a snapshot <c>found</c> or
    /// <c>vanished</c>.</summary>
    public required string Change { get; init; }

    /// <summary>The order in this version; of a deletion its last state. Null when that cannot be
    /// read.</summary>
    public required Order? Last { get; init; }

    /// <summary>The item's own time of the change; of a deletion the stream's, but not before the last
    /// change.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The stream's time, whole seconds; of a snapshot when it was read.</summary>
    public required DateTimeOffset StreamedAt { get; init; }

    /// <summary>Its shard; null of a snapshot.</summary>
    public string? Shard { get; init; }

    /// <summary>Its sequence number, padded to 40 digits; null of a snapshot.</summary>
    public string? Sequence { get; init; }

    /// <summary>Whether the service deleted it because its time to live was over.</summary>
    public bool IsTimeToLive { get; init; }

    /// <summary>The raw image, DynamoDB JSON in UTF-8; of a deletion the old one. That of a record of the
    /// stream is valid until its batch is applied.</summary>
    public required ReadOnlyMemory<byte> Item { get; init; }

    /// <summary>The UTC day of the change, by which files are parted.</summary>
    public DateOnly Day => DateOnly.FromDateTime(ChangedAt.UtcDateTime);
}
