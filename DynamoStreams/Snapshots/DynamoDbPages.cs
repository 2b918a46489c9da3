using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DynamoStreams.Snapshots;

/// <summary>Pages of a table by the service's own parallel Scan.</summary>
/// <param name="dynamoDb">The service.</param>
/// <param name="table">The table's name.</param>
/// <param name="isConsistent">
/// Whether every write that was acknowledged before a page is read is in it. An eventually consistent page
/// costs half as much, but may lack an item that was lost from the stream a moment ago.
/// </param>
public sealed class DynamoDbPages(IAmazonDynamoDB dynamoDb, string table, bool isConsistent) : ITablePages
{
    /// <inheritdoc/>
    public async Task<ScanPage> ReadAsync(ScanPosition position, int limit, CancellationToken cancellationToken)
    {
        var answer = await dynamoDb.ScanAsync(
            new ScanRequest
            {
                TableName = table,
                Segment = position.Segment,
                TotalSegments = position.TotalSegments,
                ExclusiveStartKey = position.NextKey is null ? null : ScanKey.Read(position.NextKey),
                Limit = limit,
                ConsistentRead = isConsistent,
                ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL,
            },
            cancellationToken);
        return new ScanPage(
            position,
            answer.Items ?? throw new AmazonDynamoDBException("a page of the table has no Items: it is no answer of Scan"),
            answer.LastEvaluatedKey is { Count: > 0 } last ? ScanKey.Write(last) : null,
            answer.ConsumedCapacity?.CapacityUnits ?? 0);
    }
}
