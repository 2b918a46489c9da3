using System.Collections.Concurrent;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Snapshots;

/// <summary>
/// Finds orders that the log has and the table no longer: their deletions were lost with a part of the
/// stream. That a scan did not find one says little, since it may have been placed behind it: the table is
/// asked for each.
/// </summary>
internal sealed class Vanished(NewestOrders orders, IAmazonDynamoDB dynamoDb, DynamoDbSettings settings, TimeProvider time)
{
    private const int AtATime = 16;

    /// <summary>Makes a row for each of them.</summary>
    /// <param name="snapshot">The snapshot whose scan is done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyCollection<OrderLogRow>> FindAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var rows = new ConcurrentBag<OrderLogRow>();
        await Parallel.ForEachAsync(
            await NotFoundAsync(snapshot, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (candidate, token) =>
            {
                if (!await IsThereAsync(candidate.OrderId, token) && Row(candidate, snapshot) is { } row)
                {
                    rows.Add(row);
                }
            });
        return rows;
    }

    // Orders of the log that the snapshot has not found, with the last item that the log has of each.
    private Task<List<(Guid OrderId, string Item)>> NotFoundAsync(Snapshot snapshot, CancellationToken cancellationToken) => orders.QueryAsync(
        (newest, log) => $"""
        SELECT l.order_id, any_value(l.item)
          FROM (SELECT order_id, version, sequence
                  FROM {newest}
                 WHERE change NOT IN ('deleted', 'vanished') AND order_id NOT IN (SELECT order_id FROM {log} WHERE shard = '{ParquetFile.Quote(snapshot.Name)}')) n
          JOIN {log} l ON l.order_id = n.order_id AND l.version = n.version AND l.sequence IS NOT DISTINCT FROM n.sequence
         GROUP BY l.order_id
        """,
        row => (row.GetGuid(0), row.GetString(1)),
        cancellationToken);

    private async Task<bool> IsThereAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var answer = await dynamoDb.GetItemAsync(
            new GetItemRequest { TableName = settings.Table, Key = OrderItem.Key(orderId), ConsistentRead = true, ProjectionExpression = $"{OrderAttributes.Pk}, {OrderAttributes.Entity}" },
            cancellationToken);
        return answer.IsItemSet && answer.Item.GetValueOrDefault(OrderAttributes.Entity)?.S is null or OrderAttributes.OrderEntity;
    }

    private OrderLogRow? Row((Guid OrderId, string Item) candidate, Snapshot snapshot)
    {
        var now = time.GetUtcNow();
        var item = Encoding.UTF8.GetBytes(candidate.Item);
        return OrderItem.TryRead(item, out var last, out _)
            ? new()
            {
                OrderId = candidate.OrderId,
                Version = last.Version + 1,
                Change = "vanished",
                Last = last,
                ChangedAt = now > last.UpdatedAt ? now : last.UpdatedAt,
                StreamedAt = now,
                Shard = snapshot.Name,
                Item = item,
            }
            : null;
    }
}
