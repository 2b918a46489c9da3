using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain.Item;
using Orders.ServiceDefaults;

namespace Orders.Api.Batch;

/// <summary>
/// Puts up to 25 new orders with one call. BatchWriteItem knows no conditions, and an order that was put is anybody's who follows the changes: a
/// second put would undo what they did to it, and bring back what they deleted. So only what was certainly not put is put again; what may have
/// been is answered as not known.
/// </summary>
internal sealed partial class BatchWriter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo, DynamoDbSettings settings, TimeProvider time, ILogger<BatchWriter> logger)
{
    /// <summary>DynamoDB's limit for one call.</summary>
    public const int Most = 25;

    /// <summary>Puts them.</summary>
    /// <returns>An answer for each of them, in their order. Never throws for what the store does.</returns>
    public async Task<LineAnswer[]> WriteAsync(ArraySegment<BatchLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            var left = await PutAsync(lines, cancellationToken);
            return [.. lines.Select(line => left.Contains(OrderItem.PartitionKey(line.Order.OrderId)) ? LineAnswer.Unavailable : Placed(line))];
        }
        catch (Exception refused) when (StoreFaults.IsRefusal(refused))
        {
            if (lines.Count == 1)
            {
                return [LineAnswer.Refused(refused.Message)];
            }

            // DynamoDB refuses all for the sake of one: halve until that one is alone.
            var half = lines.Count / 2;
            return [.. await WriteAsync(lines[..half], cancellationToken), .. await WriteAsync(lines[half..], cancellationToken)];
        }
    }

    /// <summary>Puts them, and again those that DynamoDB hands back or has no room for, for as long as there is time.</summary>
    /// <returns>The partition keys of those that may not have been taken.</returns>
    private async Task<HashSet<string>> PutAsync(ArraySegment<BatchLine> lines, CancellationToken cancellationToken)
    {
        List<WriteRequest> left = [.. lines.Select(line => new WriteRequest { PutRequest = new() { Item = OrderItem.From(line.Order) } })];
        try
        {
            for (var tries = 1; ; tries++)
            {
                left = await TryPutAsync(left, cancellationToken);
                if (left.Count == 0)
                {
                    return [];
                }

                await Backoff.WaitAsync(tries, time, cancellationToken);
            }
        }
        catch (Exception failure) when (StoreFaults.IsUnavailable(failure))
        {
            LogUnavailable(logger, left.Count, failure.GetType().Name, failure.Message);
            return [.. left.Select(put => put.PutRequest.Item[OrderAttributes.Pk].S)];
        }
    }

    /// <summary>Puts them with one call.</summary>
    /// <returns>Those that were certainly not put.</returns>
    private async Task<List<WriteRequest>> TryPutAsync(List<WriteRequest> puts, CancellationToken cancellationToken)
    {
        try
        {
            var request = new BatchWriteItemRequest { RequestItems = new(StringComparer.Ordinal) { [settings.Table] = puts } };
            var answer = await dynamo.BatchWriteItemAsync(request, cancellationToken);
            return answer.UnprocessedItems?.GetValueOrDefault(settings.Table) ?? [];
        }
        catch (Exception throttled) when (StoreFaults.IsThrottling(throttled))
        {
            return puts;
        }
    }

    private static LineAnswer Placed(BatchLine line) => LineAnswer.Placed(OrderAnswer.Render(line.Order));

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away for {Count} orders of a batch: {Failure}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, int count, string failure, string reason);
}
