using System.Net;
using System.Text.Json.Nodes;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class IdempotencyUnderFaultsTests(TestEngines engines) : FaultyStoreTests(engines)
{
    private const string Body = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    [Fact]
    public async Task A_new_key_costs_one_call_and_so_does_a_used_one()
    {
        using var first = await Api.Client.SendAsync(ApiService.Post(Body, "k"));
        using var second = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        second.Headers.Contains("Idempotent-Replayed").ShouldBeTrue();
        (Dynamo.Count("TransactWriteItems"), Dynamo.Count("GetItem")).ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_store_that_does_not_bring_back_the_used_key_is_asked_for_it()
    {
        Dynamo.After = (call, answer) =>
        {
            var body = JsonNode.Parse(answer.Body)!;
            foreach (var reason in body["CancellationReasons"]?.AsArray() ?? [])
            {
                reason!.AsObject().Remove("Item");
            }

            return answer with { Body = body.ToJsonString() };
        };
        using var first = await Api.Client.SendAsync(ApiService.Post(Body, "k"));
        using var second = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        second.Headers.Contains("Idempotent-Replayed").ShouldBeTrue();
        Dynamo.Count("GetItem").ShouldBe(1);
    }

    [Fact]
    public async Task An_order_whose_first_try_got_through_unnoticed_is_placed_once_and_is_no_replay()
    {
        var lost = false;
        Dynamo.After = (call, answer) => call.Operation == "TransactWriteItems" && !lost && (lost = true) ? DynamoAnswer.InternalError : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        (lost, Dynamo.Count("TransactWriteItems")).ShouldBe((true, 2));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(2);
    }

    // An emulator may forget the token by which the service knows a repeated transaction.
    [Fact]
    public async Task So_is_one_whose_repetition_the_store_takes_for_another_request()
    {
        var lost = false;
        Dynamo.Before = call =>
        {
            call.Body.AsObject().Remove("ClientRequestToken");
            return Task.FromResult<DynamoAnswer?>(null);
        };
        Dynamo.After = (call, answer) => call.Operation == "TransactWriteItems" && !lost && (lost = true) ? DynamoAnswer.InternalError : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        lost.ShouldBeTrue();
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_in_the_way_is_waited_for()
    {
        var conflict = DynamoAnswer.Cancelled("None", "TransactionConflict");
        var running = DynamoAnswer.Error("TransactionInProgressException");
        // More of the latter in a row than the SDK repeats by itself.
        var answers = new Queue<DynamoAnswer>([conflict, running, running, running, running, conflict]);
        Dynamo.Before = call => Task.FromResult(call.Operation == "TransactWriteItems" && answers.TryDequeue(out var answer) ? answer : null);

        using var placed = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
        answers.ShouldBeEmpty();
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("ThrottlingError")]
    [InlineData("ProvisionedThroughputExceeded")]
    public async Task A_throttled_transaction_is_503(string reason)
    {
        Dynamo.Before = call => Task.FromResult(call.Operation == "TransactWriteItems" ? DynamoAnswer.Cancelled("None", reason) : null);

        using var answer = await Api.Client.SendAsync(ApiService.Post(Body, "k"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await TestService.ProblemAsync(answer);
    }

    [Fact]
    public async Task A_transaction_that_is_in_the_way_for_ever_is_503_in_the_end()
    {
        await using var impatient = await StartAsync(("Orders:Store:TimeoutSeconds", "0.3"));
        Dynamo.Before = call => Task.FromResult(call.Operation == "TransactWriteItems" ? DynamoAnswer.Cancelled("None", "TransactionConflict") : null);

        using var answer = await impatient.Client.SendAsync(ApiService.Post(Body, "k"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }
}
