using System.Net;
using System.Text;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Place;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class IdempotencyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiService _api = fixture.Service;

    [Fact]
    public async Task The_same_key_and_body_give_the_first_answer_again_byte_for_byte()
    {
        using var first = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-replay","amount":200.00,"currency":"INR"}""", "k"));
        using var second = await _api.Client.SendAsync(ApiService.Post("{ \"currency\" : \"INR\",\n \"amount\" : 2e2, \"merchant_id\" : \"m-replay\" }", "k"));

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.Created, HttpStatusCode.Created));
        (await second.Content.ReadAsByteArrayAsync()).ShouldBe(await first.Content.ReadAsByteArrayAsync());
        second.Headers.Location.ShouldBe(first.Headers.Location);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        second.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await _api.ItemsOfAsync("m-replay")).Count(IsOrder).ShouldBe(1);
    }

    [Fact]
    public async Task The_key_is_kept_beside_the_order_with_what_it_was_answered_until_it_expires()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var answer = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-key","amount":5,"currency":"INR"}""", "a#b"));

        var items = await _api.ItemsOfAsync("m-key");
        items.Count.ShouldBe(2);
        var (order, key) = (items.Single(IsOrder), items.Single(item => !IsOrder(item)));
        key.Keys.ShouldBe(["pk", "sk", "entity", "request_hash", "order_id", "answer", "expires_at"], ignoreOrder: true);
        (key["pk"].S, key["sk"].S, key["entity"].S).ShouldBe(("IDEM#m-key#a#b", "IDEM", "idempotency"));
        key["order_id"].S.ShouldBe(order["order_id"].S);
        key["answer"].S.ShouldBe(await answer.Content.ReadAsStringAsync());
        key["request_hash"].S.ShouldMatch("^[0-9a-f]{64}$");
        long.Parse(key["expires_at"].N).ShouldBeInRange(before + (24 * 3600), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + (24 * 3600));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_422_and_writes_nothing()
    {
        using var first = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-422","amount":5,"currency":"INR"}""", "k"));
        var before = await _api.ItemsOfAsync("m-422");
        using var second = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-422","amount":5.01,"currency":"INR"}""", "k"));

        second.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await TestService.ProblemAsync(second)).GetProperty("detail").GetString()!.ShouldContain("Idempotency-Key");
        second.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await _api.ItemsOfAsync("m-422")).Count.ShouldBe(before.Count);
    }

    [Fact]
    public async Task Fifty_requests_at_once_with_one_key_place_one_order()
    {
        const string body = """{"merchant_id":"m-fifty","amount":5,"currency":"INR"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _api.Client.SendAsync(ApiService.Post(body, "k"))));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        answers.Count(answer => answer.Headers.Contains("Idempotent-Replayed")).ShouldBe(49);
        (await _api.ItemsOfAsync("m-fifty")).Count(IsOrder).ShouldBe(1);
    }

    [Fact]
    public async Task Fifty_requests_at_once_with_a_key_each_place_an_order_each()
    {
        const string body = """{"merchant_id":"m-each","amount":5,"currency":"INR"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _api.Client.SendAsync(ApiService.Post(body, $"k{i}"))));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created && !answer.Headers.Contains("Idempotent-Replayed"));
        (await _api.ItemsOfAsync("m-each")).Count(IsOrder).ShouldBe(50);
    }

    [Fact]
    public async Task Two_merchants_may_use_the_same_key()
    {
        using var one = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-one","amount":5,"currency":"INR"}""", "k"));
        using var two = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-two","amount":5,"currency":"INR"}""", "k"));

        two.StatusCode.ShouldBe(HttpStatusCode.Created);
        two.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await _api.ItemsOfAsync("m-two")).Count(IsOrder).ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_the_same_body_is_another_order()
    {
        using var one = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-none","amount":5,"currency":"INR"}"""));
        using var two = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-none","amount":5,"currency":"INR"}"""));

        (await _api.ItemsOfAsync("m-none")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_is_refused_does_not_use_up_its_key()
    {
        using var bad = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-free","amount":-5,"currency":"INR"}""", "k"));
        using var good = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-free","amount":5,"currency":"INR"}""", "k"));

        (bad.StatusCode, good.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.Created));
    }

    [Fact]
    public async Task A_malformed_key_is_400_and_names_the_header()
    {
        using var answer = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-malformed","amount":5,"currency":"INR"}""", "two words"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe(["Idempotency-Key"]);
        (await _api.ItemsOfAsync("m-malformed")).ShouldBeEmpty();
    }

    // DynamoDB takes days to delete what has expired.
    [Fact]
    public async Task A_key_that_has_expired_and_is_still_there_counts_as_gone()
    {
        const string body = """{"merchant_id":"m-expired","amount":5,"currency":"INR"}""";
        using var first = await _api.Client.SendAsync(ApiService.Post(body, "k"));
        var key = (await _api.ItemsOfAsync("m-expired")).Single(item => !IsOrder(item));
        key["expires_at"] = IdempotencyItem.Seconds(TimeProvider.System.GetUtcNow().AddSeconds(-2));
        await _api.PutAsync(key);

        using var second = await _api.Client.SendAsync(ApiService.Post(body, "k"));

        second.StatusCode.ShouldBe(HttpStatusCode.Created);
        second.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        (await second.Content.ReadAsStringAsync()).ShouldNotBe(await first.Content.ReadAsStringAsync());
        var items = await _api.ItemsOfAsync("m-expired");
        items.Count(IsOrder).ShouldBe(2);
        items.Single(item => !IsOrder(item))["answer"].S.ShouldBe(await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public void A_key_that_this_very_order_used_is_the_lost_answer_of_its_own_first_try()
    {
        var (order, other, hash) = (Guid.CreateVersion7(), Guid.CreateVersion7(), new string('a', 64));
        var answer = $$"""{"order_id":"{{order}}","version":1,"status":"placed","amount":5.00,"currency":"INR","placed_at":"2026-01-31T09:30:00.000Z"}""";
        var item = IdempotencyItem.Of(IdempotencyItem.Key("m", "k"), order, hash, Encoding.UTF8.GetBytes(answer), DateTimeOffset.UnixEpoch);

        IdempotencyItem.Decide(item, "m", order, hash).ShouldBe(Placement.New.Instance);
        IdempotencyItem.Decide(item, "m", other, hash).ShouldBeOfType<Placement.Replayed>().OrderId.ShouldBe(order);
        IdempotencyItem.Decide(item, "m", other, new string('b', 64)).ShouldBe(Placement.KeyReused.Instance);
    }

    private static bool IsOrder(Dictionary<string, AttributeValue> item) => item["entity"].S == "order";
}
