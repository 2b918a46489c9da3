using System.Globalization;
using Amazon.DynamoDBv2;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Snapshots;

/// <summary>Whether the stream still has everything that ever happened to the table.</summary>
internal sealed class StreamAge(IAmazonDynamoDB dynamoDb, DynamoDbSettings settings, TimeProvider time)
{
    // The service keeps a record for 24 hours. What is left is for clocks that differ.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(20);

    // A table that is made with its stream gets it in the same request.
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    /// <summary>
    /// True only for a young table that was made with its stream, as the service says itself.
    /// </summary>
    public async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        var table = (await dynamoDb.DescribeTableAsync(settings.Table, cancellationToken)).Table;
        return table?.CreationDateTime is { } made
            && made.ToUniversalTime() > time.GetUtcNow().UtcDateTime - Kept
            && ReadLabel(table.LatestStreamLabel) is { } streamed
            && (streamed - made.ToUniversalTime()).Duration() < Together;
    }

    // A time: as the service writes it, 2026-11-30T18:37:22.282, or in seconds, as an emulator does.
    private static DateTime? ReadLabel(string? label) =>
        double.TryParse(label, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTime.UnixEpoch.AddSeconds(seconds)
        : DateTime.TryParse(label, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time
        : null;
}
