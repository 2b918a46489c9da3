using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dapper;
using DynamoStreams.Api;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Tests.Sync.DeadLetters;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync;

/// <summary>
/// Items that no writer of ours makes: each is passed over by rule or set aside with its reason, and the
/// ones behind it arrive.
/// </summary>
public sealed class BadInputTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    private static readonly string Huge = LongText.OfBytes(398_000);

    /// <summary>
    /// What is wrong, how it is made from a good item, and the reason that is kept; null where it is passed
    /// over or applied all the same.
    /// </summary>
    private static readonly (string What, Action<Dictionary<string, AttributeValue>> Spoil, string? Reason, bool Arrives)[] Cases =
    [
        ("another entity", item => item[OrderAttributes.Entity] = new() { S = "invoice" }, null, false),
        ("an attribute that nobody knows", item => item["colour"] = new() { M = new() { ["deep"] = new() { L = [new() { S = "blue" }] } } }, null, true),
        ("400 KB in an attribute that nobody knows", item => item["attachment"] = new() { S = Huge }, null, true),
        ("no version", item => item.Remove(OrderAttributes.Version), "version: is missing", false),
        ("no entity", item => item.Remove(OrderAttributes.Entity), "entity: is missing", false),
        ("an amount that is a string", item => item[OrderAttributes.Amount] = new() { S = "12" }, "amount: must be of the type N, and is of S", false),
        ("an amount that no decimal holds", item => item[OrderAttributes.Amount] = new() { N = "1E100" }, "amount: has more digits than can be kept", false),
        ("half a version", item => item[OrderAttributes.Version] = new() { N = "1.5" }, "version: must be a whole number from 1 to ", false),
        ("a NUL in a string", item => item[OrderAttributes.CustomerId] = new() { S = "nul\0" }, "customer_id: must not hold control characters", false),
        ("400 KB in an id", item => item[OrderAttributes.CustomerId] = new() { S = Huge }, "customer_id: must have at most 128 characters", false),
        ("an amount below zero", item => item[OrderAttributes.Amount] = new() { N = "-500" }, "amount: must be more than 0", false),
        ("an amount of a third", item => item[OrderAttributes.Amount] = new() { N = "33.33333333333333333333333333" }, "amount: has too many decimal digits: at most 8", false),
        ("a date that can be read in two ways", item => item[OrderAttributes.PlacedAt] = new() { S = "03/04/2026" }, "placed_at: must be a time in RFC 3339", false),
        ("a time without a date", item => item[OrderAttributes.PlacedAt] = new() { S = "10:30" }, "placed_at: must be a time in RFC 3339", false),
        ("another sort key", item => item[OrderAttributes.Sk] = new() { S = "NOTE" }, "sk: must be ORDER", false),
        ("a key in capitals", item => item[OrderAttributes.Pk] = new() { S = "ORDER#" + item[OrderAttributes.OrderId].S.ToUpperInvariant() }, "pk: must be ORDER# and the order's id in lower case", false),
        ("a currency that was withdrawn", item => item[OrderAttributes.Currency] = new() { S = "BGN" }, null, true),
        ("a customer with signs", item => item[OrderAttributes.CustomerId] = new() { S = "jane+shop@example.com" }, null, true),
        ("32 levels in an attribute that nobody knows", item => item["deep"] = Nested(30), null, true),
    ];

    [Fact]
    public async Task Each_is_passed_over_or_set_aside_with_its_reason_and_the_ones_behind_it_arrive()
    {
        using var dynamo = StreamTable.Client(fixture.Stores);
        await StreamTable.CreateAsync(dynamo, fixture.Stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        var orders = new List<(Order Bad, Order Behind)>();
        foreach (var (_, spoil, _, _) in Cases)
        {
            var (bad, behind) = (SampleOrders.Placed(customer: "c"), SampleOrders.Placed());
            var item = OrderItem.From(bad);
            spoil(item);
            await PutAsync(dynamo, item);
            await PutAsync(dynamo, OrderItem.From(behind));
            orders.Add((bad, behind));
        }

        var settings = fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";

        // What arrives is to come by the stream alone.
        settings["Sync:Snapshot:Automatic"] = "false";
        await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = ANY (@ids)", new { ids = orders.Select(o => o.Behind.OrderId).ToArray() }) == Cases.Length);
        await app.StopAsync();

        await using var connection = await fixture.Database.OpenConnectionAsync();
        var letters = (await connection.QueryAsync<(string Item, string Error)>("SELECT item_key, error FROM sync.dead_letters WHERE stream_arn <> @ByHand", new { ByHand = ProjectionFixture.StreamArn })).ToList();
        letters.Count.ShouldBe(Cases.Count(c => c.Reason is not null));
        foreach (var ((what, _, reason, arrives), (bad, _)) in Cases.Zip(orders))
        {
            var error = letters.SingleOrDefault(letter => letter.Item.Contains(bad.OrderId.ToString(), StringComparison.OrdinalIgnoreCase)).Error;
            if (reason is null)
            {
                error.ShouldBeNull(what);
            }
            else
            {
                error.ShouldStartWith(reason, customMessage: what);
            }

            (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(arrives ? 1 : 0, what);
        }
    }

    [Fact]
    public async Task A_record_whose_image_cannot_be_read_is_set_aside_even_when_it_does_not_come_to_say_what_it_is()
    {
        await using var bench = DeadLetterBench.Create(fixture);
        var (order, behind) = (SampleOrders.Placed(), SampleOrders.Placed());
        var loneSurrogate = StreamRecords.Raw(
            StreamEvent.Insert, OrderItem.PartitionKey(order.OrderId), """{"merchant_id":{"S":"\ud800"},"entity":{"S":"order"}}""");

        await bench.ApplyAsync(await fixture.LeaseAsync(), loneSurrogate, StreamRecords.Insert(behind));

        (await bench.OfAsync(order)).ShouldHaveSingleItem().Error!.ShouldStartWith("item: is not DynamoDB JSON");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", behind)).ShouldBe(1);
    }

    [Fact]
    public async Task An_item_with_the_longest_key_there_can_be_is_set_aside_and_found_again()
    {
        await using var bench = DeadLetterBench.Create(fixture);
        var key = LongText.OfBytes(2_048 + 1_024);
        var lease = await fixture.LeaseAsync();

        await bench.ApplyAsync(lease, StreamRecords.Raw(StreamEvent.Insert, key, """{"entity":{"S":"order"}}"""));
        await bench.ApplyAsync(lease, StreamRecords.Raw(StreamEvent.Modify, key, """{"entity":{"S":"order"}}"""));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE shard_id = @ShardId", lease)).ShouldBe(2);
        (await fixture.ScalarAsync<int>("SELECT count(DISTINCT item_key) FROM sync.dead_letters WHERE shard_id = @ShardId", lease)).ShouldBe(1);
    }

    private static AttributeValue Nested(int levels) => levels == 0 ? new() { S = "bottom" } : new() { M = new() { ["in"] = Nested(levels - 1) } };

    private Task<PutItemResponse> PutAsync(AmazonDynamoDBClient dynamo, Dictionary<string, AttributeValue> item) => dynamo.PutItemAsync(new PutItemRequest { TableName = fixture.Stores.Table, Item = item });
}
