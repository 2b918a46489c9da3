using Amazon.DynamoDBv2;
using Orders.Bench.Http;

namespace Orders.Bench.Write;

/// <summary>
/// The upper limit: puts through the SDK without a server in front, with as many in parallel as the other
/// sides have connections.
/// </summary>
internal sealed class SdkPuts(IAmazonDynamoDB dynamo, string table) : Load
{
    protected override async ValueTask SendAsync(int lane, CancellationToken cancellationToken) =>
        await dynamo.PutItemAsync(BarePuts.Put(table, BenchOrders.NewId()), cancellationToken);
}
