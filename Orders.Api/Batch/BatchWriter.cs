using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Batch;

/// <summary>
/// Puts up to 25 new orders with one call. BatchWriteItem has no conditions, and an order that was put is
/// visible to the stream and to other writers: a second put would undo their changes and bring back deleted
/// orders. So only orders that were certainly not put are put again; for the others the result is "unknown".
/// </summary>
internal sealed partial class BatchWriter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo, DynamoDbSettings settings, TimeProvider time, ILogger<BatchWriter> logger)
{
    /// <summary>DynamoDB's limit for one call.</summary>
    public const int Most = 25;

    /// <summary>Puts them.</summary>
    /// <returns>A result for each of them, in their order. Never throws because of the store.</returns>
    public async Task<LineAnswer[]> WriteAsync(ArraySegment<BatchLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            var (left, mayBeStored) = await PutAsync(lines, cancellationToken);
            return [.. lines.Select(line => left.Contains(OrderItem.PartitionKey(line.Order.OrderId)) ? NotPlaced(line, mayBeStored) : Placed(line))];
        }
        catch (Exception refused) when (StoreFaults.IsRefusal(refused))
        {
            if (lines.Count == 1)
            {
                return [LineAnswer.Refused(refused.Message)];
            }

            // DynamoDB rejects the whole call because of one order: bisect until that one is alone.
            var half = lines.Count / 2;
            return [.. await WriteAsync(lines[..half], cancellationToken), .. await WriteAsync(lines[half..], cancellationToken)];
        }
    }

    /// <summary>
    /// Puts them, and retries those that DynamoDB returns as unprocessed or throttles, until the time is
    /// over.
    /// </summary>
    /// <returns>The partition keys of those that were not stored, or not certainly.</returns>
    private async Task<(HashSet<string> Left, bool MayBeStored)> PutAsync(ArraySegment<BatchLine> lines, CancellationToken cancellationToken)
    {
        List<WriteRequest> left = [.. lines.Select(line => new WriteRequest { PutRequest = new() { Item = OrderItem.From(line.Order) } })];
        try
        {
            for (var tries = 1; ; tries++)
            {
                left = await TryPutAsync(left, cancellationToken);
                if (left.Count == 0)
                {
                    return ([], false);
                }

                await Backoff.WaitAsync(tries, time, cancellationToken);
            }
        }
        catch (Exception failure) when (StoreFaults.IsRefusal(failure) && left.Count < lines.Count)
        {
            // Some are put already, and must not be sent again with the halves.
            LogUnavailable(logger, left.Count, failure.Message, failure);
            return ([.. left.Select(KeyOf)], false);
        }
        catch (StoreException failure)
        {
            LogUnavailable(logger, left.Count, failure.Message, failure);
            return ([.. left.Select(KeyOf)], failure.MayBeCarriedOut);
        }
    }

    /// <summary>Puts them with one call.</summary>
    /// <returns>Those that were certainly not put.</returns>
    private async Task<List<WriteRequest>> TryPutAsync(List<WriteRequest> puts, CancellationToken cancellationToken)
    {
        var request = new BatchWriteItemRequest { RequestItems = new(StringComparer.Ordinal) { [settings.Table] = puts } };
        BatchWriteItemResponse answer;
        try
        {
            answer = await dynamo.BatchWriteItemAsync(request, cancellationToken);
        }
        catch (Exception throttled) when (StoreFaults.IsThrottling(throttled))
        {
            return puts;
        }
        catch (Exception failure) when (!StoreFaults.IsRefusal(failure))
        {
            throw new StoreException(failure.Message, mayBeCarriedOut: !StoreFaults.IsTurnedAway(failure), failure);
        }

        return Unprocessed(puts, answer.UnprocessedItems);
    }

    /// <summary>
    /// Those that DynamoDB returns as unprocessed. A response with unknown keys, or without the list, is not
    /// from DynamoDB.
    /// </summary>
    private List<WriteRequest> Unprocessed(List<WriteRequest> puts, Dictionary<string, List<WriteRequest>>? handedBack)
    {
        if (handedBack is { Count: 0 })
        {
            return [];
        }

        var back = (handedBack?.GetValueOrDefault(settings.Table) ?? []).Select(put => put?.PutRequest?.Item?.GetValueOrDefault(OrderAttributes.Pk)?.S ?? "").ToHashSet();
        var left = puts.FindAll(put => back.Contains(KeyOf(put)));
        return left.Count > 0 && left.Count == back.Count
            ? left
            : throw new StoreException("the store does not say which orders it has taken", mayBeCarriedOut: true);
    }

    private static string KeyOf(WriteRequest put) => put.PutRequest.Item[OrderAttributes.Pk].S;

    private static LineAnswer NotPlaced(BatchLine line, bool mayBeStored) => mayBeStored ? LineAnswer.Unknown(line.Order.OrderId) : LineAnswer.NotStored;

    private static LineAnswer Placed(BatchLine line) => LineAnswer.Placed(OrderAnswer.Render(line.Order));

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away for {Count} orders of a batch: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, int count, string reason, Exception failure);
}
