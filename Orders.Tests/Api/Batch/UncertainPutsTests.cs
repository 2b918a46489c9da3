using System.Text.Json;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Batch;

/// <summary>
/// What may have been put is not put again: somebody may have changed or deleted it since.
/// </summary>
public sealed class UncertainPutsTests(TestEngines engines) : FaultyStoreTests(engines)
{
    [Fact]
    public async Task Orders_that_were_put_though_the_store_answers_an_error_are_not_put_again()
    {
        Dynamo.After = (call, answer) => call.Operation == "BatchWriteItem" ? DynamoAnswer.InternalError : answer;

        (await PostAsync()).ShouldAllBe(status => status == 503);

        Dynamo.Count("BatchWriteItem").ShouldBe(1);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Orders_that_were_put_though_the_connection_is_closed_without_an_answer_are_not_put_again()
    {
        Dynamo.After = (call, answer) => call.Operation == "BatchWriteItem" ? DynamoAnswer.Cut : answer;

        (await PostAsync()).ShouldAllBe(status => status == 503);

        Dynamo.Count("BatchWriteItem").ShouldBe(1, Dynamo.Describe("BatchWriteItem"));
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Orders_whose_answer_comes_too_late_are_not_put_again()
    {
        var over = new TaskCompletionSource<DynamoAnswer?>();
        Dynamo.Before = call => call.Operation == "BatchWriteItem" ? over.Task : Task.FromResult<DynamoAnswer?>(null);

        (await PostAsync()).ShouldAllBe(status => status == 503);

        over.SetResult(null);
        Dynamo.Count("BatchWriteItem").ShouldBe(1, Dynamo.Describe("BatchWriteItem"));
    }

    [Theory]
    [InlineData("ProvisionedThroughputExceededException")]
    [InlineData("RequestLimitExceeded")]
    [InlineData("ThrottlingException")]
    public async Task Orders_that_the_store_had_no_room_for_are_put_again(string refusal)
    {
        var calls = 0;
        Dynamo.Before = call => Task.FromResult(
            call.Operation == "BatchWriteItem" && Interlocked.Increment(ref calls) <= 3 ? DynamoAnswer.Error(refusal) : null);

        (await PostAsync()).ShouldAllBe(status => status == 201);

        Dynamo.Count("BatchWriteItem").ShouldBe(4);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Orders_that_the_store_has_no_room_for_until_the_time_is_up_are_503()
    {
        await using var impatient = await StartAsync(("Orders:Store:TimeoutSeconds", "1"));
        Dynamo.Before = call => Task.FromResult(call.Operation == "BatchWriteItem" ? DynamoAnswer.Throttled : null);

        (await PostAsync(impatient)).ShouldAllBe(status => status == 503);
    }

    /// <summary>The status of each order of a batch of three.</summary>
    private async Task<int[]> PostAsync(ApiService? api = null)
    {
        var orders = Enumerable.Repeat("""{"merchant_id":"m","amount":1,"currency":"INR"}""", 3);
        using var answer = await (api ?? Api).Client.SendAsync(ApiService.Post(string.Join('\n', orders), path: "/v1/orders/batch", mediaType: "application/x-ndjson"));
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32())];
    }
}
