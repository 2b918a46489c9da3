using Amazon.DynamoDBv2.Model;

namespace Orders.Api.Store;

/// <summary>How a write ended that DynamoDB has decided over.</summary>
/// <param name="Failed">DynamoDB's answer that the condition does not hold; null when the write was carried
/// out.</param>
/// <param name="MayBeOurs">Whether an earlier try got no certain answer: the condition may fail because of
/// what that try wrote.</param>
internal readonly record struct WriteOutcome(Exception? Failed, bool MayBeOurs)
{
    /// <summary>Whether the write was carried out by the last try.</summary>
    public bool IsDone => Failed is null;

    /// <summary>
    /// The item that failed the condition, if the answer carries it; null if it does not, or no item exists.
    /// </summary>
    /// <param name="place">The write's place in its transaction.</param>
    public Dictionary<string, AttributeValue>? Item(int place = 0)
    {
        var item = Failed switch
        {
            ConditionalCheckFailedException failed => failed.Item,
            TransactionCanceledException cancelled => cancelled.CancellationReasons.ElementAtOrDefault(place)?.Item,
            _ => null,
        };
        return item is { Count: > 0 } ? item : null;
    }
}
