using Amazon.DynamoDBv2.Model;

namespace DynamoStreams.Snapshots;

/// <summary>Items of one segment.</summary>
/// <param name="Position">Where the page begins.</param>
/// <param name="Items">The items; may be empty in the middle of a segment.</param>
/// <param name="NextKey">The key after which to continue; null at the segment's end.</param>
/// <param name="CapacityUnits">Read capacity that the page consumed; 0 where the service does not report
/// it.</param>
public sealed record ScanPage(ScanPosition Position, IReadOnlyList<Dictionary<string, AttributeValue>> Items, string? NextKey, double CapacityUnits)
{
    /// <summary>Whether nothing comes after it in this segment.</summary>
    public bool EndsSegment => NextKey is null;

    /// <summary>The position after this page.</summary>
    public ScanPosition Next => Position with { NextKey = NextKey };
}
