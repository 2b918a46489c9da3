using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync;

/// <summary>The whole consumer: from a real DynamoDB-compatible server's stream to Postgres.</summary>
public sealed class StreamToReadModelTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task A_restart_goes_on_after_the_checkpoint()
    {
        using var dynamo = await CreateTableAsync();
        var orders = Enumerable.Range(1, 30).Select(i => SampleOrders.Placed(i)).ToList();

        await PutAsync(dynamo, orders.Take(20));
        await using (var first = await StartAsync())
        {
            await ArrivedAsync(20);
            await first.StopAsync();
        }

        (await fixture.ScalarAsync<string?>("SELECT max(owner) FROM sync.shards")).ShouldBeNull("a stopped instance gives its lease back");
        await PutAsync(dynamo, orders.Skip(20));
        await using (var second = await StartAsync())
        {
            await ArrivedAsync(30);
            await second.StopAsync();
        }

        (await fixture.ScalarAsync<long>("SELECT sum(records) FROM sync.shards")).ShouldBe(30, "no record is read twice");
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM hourly_totals")).ShouldBe(orders.Sum(order => order.Amount));
    }

    private Task ArrivedAsync(int count) => Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM orders") == count);

    private async Task<WebApplication> StartAsync()
    {
        var settings = fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";

        // What arrives is to come by the stream alone.
        settings["Sync:Snapshot:Automatic"] = "false";
        var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        return app;
    }

    private async Task<AmazonDynamoDBClient> CreateTableAsync()
    {
        var dynamo = new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), new AmazonDynamoDBConfig { ServiceURL = fixture.Stores.DynamoDb, AuthenticationRegion = "us-east-1" });
        await dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = fixture.Stores.Table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new(OrderAttributes.Pk, ScalarAttributeType.S), new(OrderAttributes.Sk, ScalarAttributeType.S)],
            KeySchema = [new(OrderAttributes.Pk, KeyType.HASH), new(OrderAttributes.Sk, KeyType.RANGE)],
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        });
        return dynamo;
    }

    private async Task PutAsync(AmazonDynamoDBClient dynamo, IEnumerable<Order> orders)
    {
        foreach (var order in orders)
        {
            await dynamo.PutItemAsync(new PutItemRequest { TableName = fixture.Stores.Table, Item = OrderItem.From(order) });
        }
    }
}
