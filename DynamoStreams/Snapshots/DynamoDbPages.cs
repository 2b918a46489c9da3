using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace DynamoStreams.Snapshots;

/// <summary>
/// Reads a table's pages with a parallel Scan.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/dynamodb-2012-08-10/Scan"/>
/// </summary>
/// <param name="dynamoDb">The service.</param>
/// <param name="table">The table's name.</param>
/// <param name="isConsistent"> Whether reads are strongly consistent: a page then holds every write
/// acknowledged before. An eventually consistent page costs half as much, but may lack an item whose record
/// was just lost from the stream. </param>
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
