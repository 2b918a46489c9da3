using Amazon.DynamoDBv2.Model;

namespace Orders.Api.Store;

/// <summary>The certain result of a conditional write.</summary>
/// <param name="Failed">The failed condition; null when the write was executed.</param>
/// <param name="MayBeOurs">Whether an earlier attempt had an uncertain result: the condition may then fail
/// because of it.</param>
internal readonly record struct WriteOutcome(Exception? Failed, bool MayBeOurs)
{
    /// <summary>Whether the last attempt executed the write.</summary>
    public bool IsDone => Failed is null;

    /// <summary>
    /// The item that failed the condition; null if the response does not have it, or no item exists.
    /// </summary>
    /// <param name="place">The write's index in its transaction.</param>
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
