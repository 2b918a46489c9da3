namespace DynamoStreams.Snapshots;

/// <summary>How far a segment of a scan has come: all that has to be kept to go on after a crash.</summary>
/// <param name="Segment">The segment, from 0.</param>
/// <param name="TotalSegments">How many segments the table is divided into. It must stay the same for as
/// long as the scan lasts.</param>
/// <param name="NextKey">The key to go on after, as <see cref="ScanKey"/> writes it; null at the segment's
/// beginning.</param>
public sealed record ScanPosition(int Segment, int TotalSegments, string? NextKey);
