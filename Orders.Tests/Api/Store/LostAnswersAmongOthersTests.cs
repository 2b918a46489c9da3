using System.Net;
using System.Text.Json;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// The answer to a request's first try is lost, and others write before its second: what is known is said,
/// and what is not is 503.
/// </summary>
public sealed class LostAnswersAmongOthersTests(TestEngines engines) : FaultyStoreTests(engines)
{
    [Theory]
    [InlineData(null)]
    [InlineData("\"1\"")]
    public async Task A_change_that_was_made_is_200_with_its_own_version_although_another_has_followed(string? ifMatch)
    {
        var id = await Api.PlaceAsync();
        await using var other = await OtherAsync();
        LoseOnce("UpdateItem", carriedOut: true, () => other.Client.SendAsync(ApiService.Patch(id, "shipped")));

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", ifMatch));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await Api.ItemAsync(id))["version"].N.ShouldBe("3");
    }

    [Theory]
    [InlineData("\"1\"", "paid", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"1\"", "cancelled", HttpStatusCode.PreconditionFailed)]
    [InlineData(null, "paid", HttpStatusCode.OK)]
    [InlineData(null, "placed", HttpStatusCode.OK)]
    public async Task A_change_that_was_not_made_is_decided_anew_after_anothers(string? ifMatch, string others, HttpStatusCode status)
    {
        var id = await Api.PlaceAsync();
        await using var other = await OtherAsync();
        LoseOnce("UpdateItem", carriedOut: false, () => other.Client.SendAsync(ApiService.Patch(id, others)));

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", ifMatch));

        answer.StatusCode.ShouldBe(status);
        (await Api.ItemAsync(id))["version"].N.ShouldBe("2");
    }

    [Fact]
    public async Task A_change_of_an_order_that_is_gone_since_is_503_that_says_how_to_find_out()
    {
        var id = await Api.PlaceAsync();
        await using var other = await OtherAsync();
        LoseOnce("UpdateItem", carriedOut: true, () => other.Client.SendAsync(ApiService.Delete(id)));

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", "\"1\""));

        await ShouldBeUnknownAsync(answer, "GET the order");
    }

    // An importer, or an older instance of this service, writes no marks.
    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    public async Task A_change_under_others_without_marks_is_503_that_says_how_to_find_out(long version)
    {
        var id = await Api.PlaceAsync();
        LoseOnce("UpdateItem", carriedOut: true, async () =>
        {
            OrderItem.TryRead(await Api.ItemAsync(id), out var order, out _).ShouldBeTrue();
            await Api.PutAsync(OrderItem.From(order! with { Status = OrderStatus.Completed, Version = version }));
        });

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", "\"1\""));

        await ShouldBeUnknownAsync(answer, "GET the order");
    }

    [Theory]
    [InlineData(null, "", HttpStatusCode.NotFound)]
    [InlineData("\"1\"", "", HttpStatusCode.NotFound)]
    [InlineData("\"1\"", "paid", HttpStatusCode.PreconditionFailed)]
    public async Task A_deletion_that_was_not_made_finds_what_others_did(string? ifMatch, string others, HttpStatusCode status)
    {
        var id = await Api.PlaceAsync();
        await using var other = await OtherAsync();
        LoseOnce("TransactWriteItems", carriedOut: false, () => other.Client.SendAsync(others is "" ? ApiService.Delete(id) : ApiService.Patch(id, others)));

        using var answer = await Api.Client.SendAsync(ApiService.Delete(id, ifMatch));

        answer.StatusCode.ShouldBe(status);
        (await Api.ItemAsync(id)).Count.ShouldBe(others is "" ? 0 : 13);
    }

    [Fact]
    public async Task A_deletion_of_what_never_was_is_404()
    {
        LoseOnce("TransactWriteItems", carriedOut: true);

        using var answer = await Api.Client.SendAsync(ApiService.Delete(Guid.CreateVersion7()));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Dynamo.Count("TransactWriteItems").ShouldBe(2);
    }

    [Fact]
    public async Task A_new_order_whose_answers_are_all_lost_is_503_and_names_the_order()
    {
        Dynamo.After = (call, answer) => call.Operation == "PutItem" ? DynamoAnswer.Cut : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m","amount":5,"currency":"INR"}"""));

        var problem = await ShouldBeUnknownAsync(answer, "order_id");
        (await Api.ItemAsync(problem.GetProperty("order_id").GetGuid()))["merchant_id"].S.ShouldBe("m");
    }

    [Fact]
    public async Task A_request_that_the_store_turns_away_is_503_that_says_that_it_was_not_carried_out()
    {
        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(DynamoAnswer.Throttled);

        using var answer = await Api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m","amount":5,"currency":"INR"}"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await TestService.ProblemAsync(answer)).GetProperty("outcome").GetString().ShouldBe("not_carried_out");
        Dynamo.Count("PutItem").ShouldBe(3);
    }

    private static async Task<JsonElement> ShouldBeUnknownAsync(HttpResponseMessage answer, string howToFindOut)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        var problem = await TestService.ProblemAsync(answer);
        problem.GetProperty("outcome").GetString().ShouldBe("unknown");
        problem.GetProperty("detail").GetString()!.ShouldContain(howToFindOut);
        return problem;
    }

    /// <summary>Another instance of the service, whose calls reach the store.</summary>
    private Task<ApiService> OtherAsync() => ApiService.StartAsync(Stores);

    /// <summary>Loses the first answer to a write; others act before the next try.</summary>
    private void LoseOnce(string operation, bool carriedOut, Func<Task>? others = null)
    {
        var tries = 0;
        Dynamo.Before = async call =>
        {
            if (call.Operation != operation || Interlocked.Increment(ref tries) > 2)
            {
                return null;
            }

            if (tries == 2)
            {
                await (others?.Invoke() ?? Task.CompletedTask);
                return null;
            }

            return carriedOut ? null : DynamoAnswer.Cut;
        };
        Dynamo.After = (call, answer) => call.Operation == operation && tries == 1 ? DynamoAnswer.Cut : answer;
    }
}
