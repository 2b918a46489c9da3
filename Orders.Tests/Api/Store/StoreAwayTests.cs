using System.Net;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

public sealed class StoreAwayTests(TestEngines engines) : FaultyStoreTests(engines)
{
    private const string Body = """{"merchant_id":"m","amount":5,"currency":"INR"}""";

    public static TheoryData<string> Requests() => ["POST", "POST with a key", "PATCH", "DELETE", "DELETE with If-Match"];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_store_that_nobody_listens_for_is_503_with_Retry_After(string what)
    {
        await Dynamo.StopAsync();

        await ShouldBeUnavailableAsync(what, Api);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_throttled_store_is_503_with_Retry_After(string what)
    {
        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Throttled);

        await ShouldBeUnavailableAsync(what, Api);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_store_that_takes_the_call_and_never_answers_is_503_with_Retry_After(string what)
    {
        await using var api = await StartAsync(("Orders:Store:TimeoutSeconds", "1"));
        var never = new TaskCompletionSource<DynamoAnswer?>();
        Dynamo.Before = _ => never.Task;

        await ShouldBeUnavailableAsync(what, api);
        never.SetResult(DynamoAnswer.InternalError);
    }

    [Fact]
    public async Task A_put_whose_first_try_got_through_unnoticed_is_placed_once()
    {
        var lost = false;
        Dynamo.After = (call, answer) => call.Operation == "PutItem" && !lost && (lost = true) ? DynamoAnswer.InternalError : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Post(Body));

        (lost, Dynamo.Count("PutItem")).ShouldBe((true, 2));
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_more_request_than_may_wait_is_503_at_once_and_does_not_reach_the_store()
    {
        await using var narrow = await StartAsync(("Orders:Store:InFlight", "1"));
        var (reached, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        Dynamo.Before = async _ =>
        {
            reached.TrySetResult();
            await open.Task;
            return null;
        };
        Dynamo.Forget();

        var waiting = narrow.Client.SendAsync(ApiService.Post(Body));
        await reached.Task;
        using var refused = await narrow.Client.SendAsync(ApiService.Post(Body));
        open.SetResult();
        using var placed = await waiting;
        using var next = await narrow.Client.SendAsync(ApiService.Post(Body));

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (placed.StatusCode, next.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created));
        (await Api.ItemsOfAsync("m")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_more_request_than_the_share_of_its_key_is_429_at_once_and_was_not_carried_out()
    {
        await using var narrow = await StartAsync(("Orders:Store:InFlight", "2"));
        var (reached, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        Dynamo.Before = async _ =>
        {
            reached.TrySetResult();
            await open.Task;
            return null;
        };

        var waiting = narrow.Client.SendAsync(ApiService.Post(Body));
        await reached.Task;
        using var refused = await narrow.Client.SendAsync(ApiService.Post(Body));
        open.SetResult();
        using var placed = await waiting;

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("\"outcome\":\"not_carried_out\"");
        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_bad_request_is_400_whether_the_store_is_there_or_not()
    {
        await Dynamo.StopAsync();

        using var answer = await Api.Client.SendAsync(ApiService.Post("{}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_service_whose_store_is_away_is_not_ready()
    {
        (await Api.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Dynamo.StopAsync();

        await Eventually.HoldsAsync(async () => (await Api.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);

        (await Api.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task ShouldBeUnavailableAsync(string what, ApiService api)
    {
        using var request = what switch
        {
            "POST" => ApiService.Post(Body),
            "POST with a key" => ApiService.Post(Body, "k"),
            "PATCH" => ApiService.Patch(Guid.CreateVersion7(), "paid"),
            "DELETE" => ApiService.Delete(Guid.CreateVersion7()),
            _ => ApiService.Delete(Guid.CreateVersion7(), "\"1\""),
        };
        using var answer = await api.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await TestService.ProblemAsync(answer);
    }
}
