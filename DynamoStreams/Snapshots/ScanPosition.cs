namespace DynamoStreams.Snapshots;

/// <summary>The progress of one segment: all that must be stored to continue after a crash.</summary>
/// <param name="Segment">The segment, from 0.</param>
/// <param name="TotalSegments">How many segments the table is divided into. It must not change during a
/// scan.</param>
/// <param name="NextKey">The key after which to continue, as <see cref="ScanKey"/> writes it; null at the
/// segment's beginning.</param>
public sealed record ScanPosition(int Segment, int TotalSegments, string? NextKey);
