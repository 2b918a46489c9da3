using System.Net;
using System.Text.Json;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// What answers in the store's place is no DynamoDB: a proxy's page, half an answer, nothing at all.
/// </summary>
public sealed class UnreadableAnswersTests(TestEngines engines) : FaultyStoreTests(engines)
{
    private const string Body = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    private static readonly DynamoAnswer[] Nonsense =
    [
        new(200, "<html><body>Sign in to the network</body></html>"),
        new(200, "[]"),
        new(200, "null"),
        new(200, "\"yes\""),
        new(200, """{"Item":{"pk":"""),
        new(200, "{} {}"),
        new(200, ""),
        new(302, "<html><body>Moved</body></html>"),
        new(400, "<html><body>Bad Request</body></html>"),
        new(400, ""),
        new(403, "null"),
        DynamoAnswer.Error("NeverHeardOfException"),
        DynamoAnswer.Error("NeverHeardOfException", 418),
        DynamoAnswer.Error("ValidationException", 500),
        DynamoAnswer.Cancelled("None", "NeverHeardOf"),
        new(400, """{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException"}"""),
        new(500, "<html>"),
    ];

    public static TheoryData<string> Requests() => ["POST", "POST with a key", "PATCH", "PATCH with If-Match", "DELETE", "DELETE with If-Match"];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_answer_that_nobody_can_read_is_503_with_a_warning_and_the_next_request_is_answered(string what)
    {
        await using var api = await StartAsync(("Logging:LogLevel:Orders.Api", "Warning"));
        var logs = api.Record();
        var id = await api.PlaceAsync();
        foreach (var nonsense in Nonsense)
        {
            Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(nonsense);

            using var request = Request(what, id);
            using var answer = await api.Client.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{nonsense}");
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            await TestService.ProblemAsync(answer);
        }

        logs.Errors.ShouldBeEmpty();
        logs.Failures.Count().ShouldBe(Nonsense.Length);
        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(null);
        (await api.ItemAsync(id))["version"].N.ShouldBe("1");
        (await api.ItemsOfAsync("m")).ShouldBeEmpty();
        using var after = await api.Client.SendAsync(Request(what, id));
        after.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("k")]
    public async Task A_batch_whose_answer_nobody_can_read_is_503_for_each_order(string? key)
    {
        foreach (var nonsense in Nonsense.Append(DynamoAnswer.Ok("""{"UnprocessedItems":{"orders":[]}}""")))
        {
            Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(nonsense);

            using var answer = await Api.Client.SendAsync(ApiService.Post($"{Body}\n{Body}", key, "/v1/orders/batch", "application/x-ndjson"));

            var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // What a transaction's success looks like is an object without members that are known.
            if (key is null || !nonsense.Body.StartsWith("{\"Unprocessed", StringComparison.Ordinal))
            {
                lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32()).ShouldBe([503, 503], $"{nonsense}");
            }
        }

        (await Api.ItemsOfAsync("m")).ShouldBeEmpty();
    }

    // The service always says what it has not taken, if only with an empty map.
    [Fact]
    public async Task A_batch_that_is_answered_with_an_empty_object_is_not_taken_for_placed()
    {
        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Ok());

        using var answer = await Api.Client.SendAsync(ApiService.Post(Body, null, "/v1/orders/batch", "application/x-ndjson"));

        (await ApiService.JsonAsync(answer)).GetProperty("status").GetInt32().ShouldBe(503);
    }

    [Theory]
    [InlineData("""{"message":"hello"}""")]
    [InlineData("""{"Item":null}""")]
    [InlineData("""{"Item":[]}""")]
    [InlineData("""{"Item":{}}""")]
    [InlineData("""{"Item":{"pk":"x"}}""")]
    [InlineData("""{"Item":{"pk":{"S":"ORDER#of-another"}}}""")]
    public async Task An_order_is_not_missing_because_a_read_is_answered_with_something_else(string read)
    {
        var id = await Api.PlaceAsync();
        Dynamo.Before = call => Task.FromResult(call.Operation == "GetItem" ? DynamoAnswer.Ok(read) : null);

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_the_store_refuses_is_400_with_its_reason(string what)
    {
        var id = await Api.PlaceAsync();
        Dynamo.Before = call => Task.FromResult(call.Operation == "GetItem" ? null : DynamoAnswer.Error("ValidationException", message: "Item size has exceeded the maximum"));

        using var answer = await Api.Client.SendAsync(Request(what, id));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Item size has exceeded the maximum");
    }

    private static HttpRequestMessage Request(string what, Guid id) => what switch
    {
        "POST" => ApiService.Post(Body),
        "POST with a key" => ApiService.Post(Body, "k"),
        "PATCH" => ApiService.Patch(id, "paid"),
        "PATCH with If-Match" => ApiService.Patch(id, "paid", "\"1\""),
        "DELETE" => ApiService.Delete(id),
        _ => ApiService.Delete(id, "\"1\""),
    };
}
