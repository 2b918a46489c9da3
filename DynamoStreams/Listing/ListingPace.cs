namespace DynamoStreams.Listing;

/// <summary>How often a table's streams are listed.</summary>
/// <param name="TableName">The table.</param>
/// <param name="Soonest">The shortest time between two listings.</param>
/// <param name="Longest">The longest.</param>
internal readonly record struct ListingPace(string TableName, TimeSpan Soonest, TimeSpan Longest);
