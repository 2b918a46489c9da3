using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Table;

/// <summary>Reads orders from the DynamoDB table, and its estimated number of items.</summary>
internal sealed class TableReader(IAmazonDynamoDB dynamoDb, DynamoDbSettings settings, TimeProvider time)
{
    /// <summary>Keys in one BatchGetItem, by the service's limit.</summary>
    public const int MaxKeys = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The number of items in the table, as the service estimates it.</summary>
    public async Task<long> EstimateItemsAsync(CancellationToken cancellationToken) =>
        (await dynamoDb.DescribeTableAsync(settings.Table, cancellationToken)).Table.ItemCount ?? 0;

    /// <summary>Reads which table it is.</summary>
    /// <returns>Null when the service says nothing of the kind.</returns>
    public async Task<TableIdentity?> IdentifyAsync(CancellationToken cancellationToken)
    {
        var found = (await dynamoDb.DescribeTableAsync(settings.Table, cancellationToken)).Table;
        DateTimeOffset? madeAt = found?.CreationDateTime is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null;
        var id = !string.IsNullOrEmpty(found?.TableId) ? found.TableId : madeAt?.ToString("O", CultureInfo.InvariantCulture);
        return id is null ? null : new($"{settings.Table}/{id}", madeAt);
    }

    /// <summary>Finds which of these orders have an item now, valid or not.</summary>
    public async Task<IReadOnlySet<Guid>> FindExistingAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        var items = await GetAsync(orderIds, $"{OrderAttributes.Pk}, {OrderAttributes.Entity}", cancellationToken);
        return items.Where(entry => IsOrder(entry.Value)).Select(entry => entry.Key).ToHashSet();
    }

    // An item that claims to be another entity is no order, whatever its key.
    private static bool IsOrder(Dictionary<string, AttributeValue> item) => item.GetValueOrDefault(OrderAttributes.Entity)?.S is null or OrderAttributes.OrderEntity;

    /// <summary>Reads these orders as they are now, with strongly consistent reads.</summary>
    public async Task<IReadOnlyDictionary<Guid, TableOrder>> ReadAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        var items = await GetAsync(orderIds, projection: null, cancellationToken);
        return items.Where(entry => IsOrder(entry.Value)).ToDictionary(entry => entry.Key, entry => TableOrder.Read(entry.Value));
    }

    private async Task<Dictionary<Guid, Dictionary<string, AttributeValue>>> GetAsync(IReadOnlyList<Guid> orderIds, string? projection, CancellationToken cancellationToken)
    {
        var byKey = orderIds.Distinct().ToDictionary(OrderItem.PartitionKey, StringComparer.Ordinal);
        var found = new Dictionary<Guid, Dictionary<string, AttributeValue>>(byKey.Count);
        foreach (var chunk in byKey.Values.Chunk(MaxKeys))
        {
            var wanted = new KeysAndAttributes { Keys = [.. chunk.Select(OrderItem.Key)], ConsistentRead = true, ProjectionExpression = projection };
            for (var pause = FirstPause; wanted is not null;)
            {
                var answer = await dynamoDb.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = new() { [settings.Table] = wanted } }, cancellationToken);
                if (answer.Responses?.GetValueOrDefault(settings.Table) is not { } items)
                {
                    // An order counts as missing only when the response has the list and the list lacks it.
                    items = answer.UnprocessedKeys?.ContainsKey(settings.Table) == true ? [] : throw new AmazonDynamoDBException($"what BatchGetItem answered says nothing of table {settings.Table}");
                }

                foreach (var item in items)
                {
                    found[byKey[item[OrderAttributes.Pk].S]] = item;
                }

                // A response has at most 16 MB and may be throttled in part: the rest is requested again.
                wanted = answer.UnprocessedKeys?.GetValueOrDefault(settings.Table);
                if (wanted is not null)
                {
                    await Task.Delay(pause, time, cancellationToken);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }

        return found;
    }
}
