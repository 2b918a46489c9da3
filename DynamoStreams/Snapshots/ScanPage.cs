using Amazon.DynamoDBv2.Model;

namespace DynamoStreams.Snapshots;

/// <summary>Items of one segment.</summary>
/// <param name="Position">Where the page begins.</param>
/// <param name="Items">The items; may be empty in the middle of a segment.</param>
/// <param name="NextKey">The key to go on after; null where the segment ends.</param>
/// <param name="CapacityUnits">Read capacity that the page consumed; 0 where the service does not
/// tell.</param>
public sealed record ScanPage(ScanPosition Position, IReadOnlyList<Dictionary<string, AttributeValue>> Items, string? NextKey, double CapacityUnits)
{
    /// <summary>Whether nothing comes after it in this segment.</summary>
    public bool EndsSegment => NextKey is null;

    /// <summary>The position behind this page.</summary>
    public ScanPosition Next => Position with { NextKey = NextKey };
}
