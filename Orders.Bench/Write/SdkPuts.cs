using Amazon.DynamoDBv2;
using Orders.Bench.Http;

namespace Orders.Bench.Write;

/// <summary>
/// The limit: puts through the SDK with no server before it, as many at a time as there are connections to
/// the others.
/// </summary>
internal sealed class SdkPuts(IAmazonDynamoDB dynamo, string table) : Load
{
    protected override async ValueTask SendAsync(int lane, CancellationToken cancellationToken) =>
        await dynamo.PutItemAsync(BarePuts.Put(table, BenchOrders.NewId()), cancellationToken);
}
