using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Orders.Domain.Item;
using Orders.Tests.Engines;

namespace Orders.Tests.Sync;

/// <summary>A class's table on the real engine.</summary>
internal static class StreamTable
{
    public static AmazonDynamoDBClient Client(TestStores stores) =>
        new(new BasicAWSCredentials("local", "local"), new AmazonDynamoDBConfig { ServiceURL = stores.DynamoDb, AuthenticationRegion = "us-east-1" });

    /// <param name="dynamo">The engine.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="viewType">What its stream holds; null for no stream.</param>
    public static Task CreateAsync(IAmazonDynamoDB dynamo, string table, StreamViewType? viewType) => dynamo.CreateTableAsync(new CreateTableRequest
    {
        TableName = table,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions = [new(OrderAttributes.Pk, ScalarAttributeType.S), new(OrderAttributes.Sk, ScalarAttributeType.S)],
        KeySchema = [new(OrderAttributes.Pk, KeyType.HASH), new(OrderAttributes.Sk, KeyType.RANGE)],
        StreamSpecification = viewType is null ? null : new() { StreamEnabled = true, StreamViewType = viewType },
    });
}
