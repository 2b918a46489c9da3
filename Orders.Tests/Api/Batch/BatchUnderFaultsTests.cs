using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Batch;

public sealed class BatchUnderFaultsTests(TestEngines engines) : FaultyStoreTests(engines)
{
    [Fact]
    public async Task Orders_go_to_the_store_twenty_five_at_a_time()
    {
        var sizes = new ConcurrentBag<int>();
        Dynamo.After = (call, answer) =>
        {
            sizes.Add(call.Operation == "BatchWriteItem" ? Puts(call).Count : -1);
            return answer;
        };

        (await PostAsync(Api, 110)).ShouldAllBe(status => status == 201);

        sizes.ShouldBe([25, 25, 25, 25, 10], ignoreOrder: true);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(110);
    }

    [Fact]
    public async Task Orders_that_the_store_hands_back_are_sent_again()
    {
        var sent = new ConcurrentDictionary<string, Lazy<int>>();
        var count = 0;
        Dynamo.Before = call => Task.FromResult(call.Operation == "BatchWriteItem" && Number(call) <= 4 ? KeepsBackAll(call) : null);

        (await PostAsync(Api, 60)).ShouldAllBe(status => status == 201);

        sent.Count.ShouldBe(3 + 4);
        sent.Keys.ShouldAllBe(invocation => invocation.Length > 0);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(60);

        // A call that the SDK repeats, since a slow machine answers it too late, is the same one.
        int Number(DynamoCall call) => sent.GetOrAdd(call.Invocation, _ => new(() => Interlocked.Increment(ref count))).Value;
    }

    [Fact]
    public async Task Only_those_that_the_store_hands_back_are_sent_again()
    {
        var (calls, sentAgain) = (0, 0);
        Dynamo.After = (call, answer) =>
        {
            if (call.Operation != "BatchWriteItem")
            {
                return answer;
            }

            if (++calls > 1)
            {
                sentAgain = Puts(call).Count;
                return answer;
            }

            // The engine has written them all; that it hands back five of them makes no difference to the
            // writer.
            var back = Puts(call).Take(5).Select(put => put!.DeepClone());
            return answer with { Body = new JsonObject { ["UnprocessedItems"] = new JsonObject { [Api.Stores.Table] = new JsonArray([.. back]) } }.ToJsonString() };
        };

        (await PostAsync(Api, 25)).ShouldAllBe(status => status == 201);

        (calls, sentAgain).ShouldBe((2, 5));
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(25);
    }

    [Fact]
    public async Task Orders_that_the_store_hands_back_until_the_time_is_up_are_503_and_the_others_are_placed()
    {
        await using var impatient = await StartAsync(("Orders:Store:TimeoutSeconds", "1"));
        Dynamo.Before = call => Task.FromResult(call.Operation == "BatchWriteItem" && Holds(call, "poison") ? KeepsBackAll(call) : null);

        var statuses = await PostAsync(impatient, 60, poisoned: 30);

        statuses[..25].ShouldAllBe(status => status == 201);
        statuses[25..50].ShouldAllBe(status => status == 503);
        statuses[50..].ShouldAllBe(status => status == 201);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(35);
    }

    [Fact]
    public async Task An_order_that_the_store_refuses_does_not_poison_its_twenty_five()
    {
        Dynamo.Before = call => Task.FromResult(call.Operation == "BatchWriteItem" && Holds(call, "poison")
            ? DynamoAnswer.Error("ValidationException", message: "Item size has exceeded the maximum allowed size")
            : null);

        var statuses = await PostAsync(Api, 60, poisoned: 30);

        statuses[30].ShouldBe(400);
        statuses.Count(status => status == 201).ShouldBe(59);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(59);
    }

    [Fact]
    public async Task Calls_that_fail_are_503_for_their_own_orders_only()
    {
        Dynamo.Before = call => Task.FromResult(call.Operation == "BatchWriteItem" && Holds(call, "poison") ? DynamoAnswer.InternalError : null);

        var statuses = await PostAsync(Api, 60, poisoned: 55);

        statuses[..50].ShouldAllBe(status => status == 201);
        statuses[50..].ShouldAllBe(status => status == 503);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(50);
    }

    [Fact]
    public async Task An_order_with_a_key_that_fails_is_503_alone_and_can_be_sent_again()
    {
        Dynamo.Before = call => Task.FromResult(call.Operation == "TransactWriteItems" && Holds(call, "poison") ? DynamoAnswer.Cancelled("ThrottlingError", "None") : null);
        var statuses = await PostAsync(Api, 20, poisoned: 7, key: "b");
        statuses[7].ShouldBe(503);
        statuses.Count(status => status == 201).ShouldBe(19);

        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(null);
        (await PostAsync(Api, 20, poisoned: 7, key: "b")).ShouldAllBe(status => status == 201);
        (await Api.ItemsOfAsync("m")).Count(item => item["entity"].S == "order").ShouldBe(20);
    }

    private static DynamoAnswer KeepsBackAll(DynamoCall call) => DynamoAnswer.Ok(new JsonObject { ["UnprocessedItems"] = call.Body["RequestItems"]!.DeepClone() }.ToJsonString());

    private static bool Holds(DynamoCall call, string customer) => call.Body.ToJsonString().Contains($"\"{customer}\"", StringComparison.Ordinal);

    private JsonArray Puts(DynamoCall call) => call.Body["RequestItems"]![Api.Stores.Table]!.AsArray();

    /// <summary>The status of each order of a batch.</summary>
    private static async Task<int[]> PostAsync(ApiService api, int count, int poisoned = -1, string? key = null)
    {
        var orders = Enumerable.Range(0, count).Select(i => $$"""{"merchant_id":"m","customer_id":"{{(i == poisoned ? "poison" : "c")}}","amount":1,"currency":"INR"}""");
        using var answer = await api.Client.SendAsync(ApiService.Post(string.Join('\n', orders), key, "/v1/orders/batch", "application/x-ndjson"));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32())];
    }
}
