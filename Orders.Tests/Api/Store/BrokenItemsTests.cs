using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Place;
using Orders.Domain.Item;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// What is in the table was written by anybody: the service says what is broken and how it is mended.
/// </summary>
public sealed class BrokenItemsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly (string Attribute, AttributeValue? Value)[] Breaks =
    [
        ("amount", null), ("amount", new() { S = "200" }), ("amount", new() { BOOL = true }), ("version", null), ("version", new() { N = "1.5" }), ("version", new() { S = "1" }),
        ("status", null), ("status", new() { S = "lost" }), ("status", new() { N = "1" }), ("currency", new() { S = "rupees" }), ("placed_at", new() { S = "yesterday" }),
        ("updated_at", null), ("order_id", null), ("order_id", new() { S = "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a" }), ("entity", null), ("entity", new() { N = "1" }), ("items", new() { S = "none" }),
        ("items", new() { L = [new() { S = "line" }], IsLSet = true }), ("items", new() { L = [new() { M = [], IsMSet = true }], IsLSet = true }),
    ];

    private readonly ApiService _api = fixture.Service;

    public static TheoryData<int> EachBreak => [.. Enumerable.Range(0, Breaks.Length)];

    [Theory]
    [MemberData(nameof(EachBreak))]
    public async Task A_broken_order_is_409_that_says_what_is_broken_and_how_it_is_mended(int number)
    {
        var (attribute, value) = Breaks[number];
        var id = await BrokenAsync(attribute, value);

        foreach (var request in new[] { ApiService.Patch(id, "paid"), ApiService.Patch(id, "paid", "\"1\""), ApiService.Delete(id, "\"1\"") })
        {
            using var answer = await _api.Client.SendAsync(request);

            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict, $"{request.Method} {attribute}");
            var problem = await TestService.ProblemAsync(answer);
            problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldStartWith(attribute);
            problem.GetProperty("detail").GetString()!.ShouldContain(attribute == "entity" ? "or deletes the item there" : "or DELETE the order without If-Match");
            problem.GetProperty("item").GetProperty("pk").GetString().ShouldBe($"ORDER#{id:D}");
        }

        (await _api.ItemAsync(id)).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(EachBreak))]
    public async Task A_broken_order_is_deleted_without_if_match_or_the_answer_says_why_not(int number)
    {
        var (attribute, value) = Breaks[number];
        var id = await BrokenAsync(attribute, value);

        using var answer = await _api.Client.SendAsync(ApiService.Delete(id));

        answer.StatusCode.ShouldBe(attribute == "entity" ? HttpStatusCode.Conflict : HttpStatusCode.NoContent);
        if (attribute == "entity")
        {
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("or deletes the item there: DELETE here takes only what has that entity.");
        }
    }

    [Fact]
    public async Task Anothers_broken_order_is_404_and_so_is_one_that_does_not_say_whose_it_is()
    {
        var other = await BrokenAsync("amount", null, "merchant-other");
        var nobodys = await BrokenAsync("merchant_id", null);
        var own = await BrokenAsync("amount", null);
        using var acme = _api.ClientOf(ApiService.Acme);

        foreach (var (id, status) in new[] { (other, HttpStatusCode.NotFound), (nobodys, HttpStatusCode.NotFound), (own, HttpStatusCode.Conflict) })
        {
            using var patched = await acme.SendAsync(ApiService.Patch(id, "paid"));
            using var deleted = await acme.SendAsync(ApiService.Delete(id, "\"1\""));
            (patched.StatusCode, deleted.StatusCode).ShouldBe((status, status));
        }

        using var seen = await _api.Client.SendAsync(ApiService.Patch(nobodys, "paid"));
        (await TestService.ProblemAsync(seen)).GetProperty("errors").GetProperty("merchant_id").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_last_version_that_there_is_cannot_be_raised()
    {
        var id = await BrokenAsync("version", new() { N = "9200000000000000000" });

        using var answer = await _api.Client.SendAsync(ApiService.Patch(id, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("version")[0].GetString()!.ShouldContain("9200000000000000000");
        (await _api.ItemAsync(id))["version"].N.ShouldBe("9200000000000000000");
    }

    private static readonly (string Attribute, AttributeValue? Value)[] KeyBreaks =
    [
        ("request_hash", null), ("request_hash", new() { N = "1" }), ("request_hash", new() { S = "" }), ("request_hash", new() { NULL = true }), ("request_hash", new() { S = "abc" }),
        ("order_id", null), ("order_id", new() { S = "1" }), ("order_id", new() { N = "1" }), ("order_id", new() { S = "{019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a}" }),
        ("answer", null), ("answer", new() { S = "" }), ("answer", new() { S = "null" }), ("answer", new() { S = "[]" }), ("answer", new() { S = "{}" }), ("answer", new() { N = "201" }),
        ("answer", new() { S = "CUT" }), ("answer", new() { S = "STATUS" }), ("answer", new() { S = "VERSION" }), ("answer", new() { S = "ORDER" }), ("answer", new() { S = "DOUBLE" }),
        ("answer", new() { B = new MemoryStream([1]) }),
    ];

    public static TheoryData<int> EachKeyBreak => [.. Enumerable.Range(0, KeyBreaks.Length)];

    [Theory]
    [MemberData(nameof(EachKeyBreak))]
    public async Task A_broken_key_is_409_that_says_so_alone_and_in_a_batch(int number)
    {
        var (attribute, value) = KeyBreaks[number];
        var merchant = $"m-key-{number}";
        var body = $$"""{"merchant_id":"{{merchant}}","amount":200.00,"currency":"INR"}""";
        using (var first = await _api.Client.SendAsync(ApiService.Post(body, "k#0")))
        {
            first.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var item = await _api.ItemAsync(IdempotencyItem.Key(merchant, "k#0"));
        var answered = item["answer"].S;
        _ = item.Remove(attribute);
        if (value is not null)
        {
            item[attribute] = value.S switch
            {
                "CUT" => new() { S = answered[..^10] },
                "STATUS" => new() { S = answered.Replace("\"placed\"", "\"lost\"", StringComparison.Ordinal) },
                "VERSION" => new() { S = answered.Replace("\"version\":1", "\"version\":0", StringComparison.Ordinal) },
                "ORDER" => new() { S = answered.Replace(item["order_id"].S, "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a", StringComparison.Ordinal) },
                "DOUBLE" => new() { S = answered + answered },
                _ => value,
            };
        }

        await _api.PutAsync(item);

        using var alone = await _api.Client.SendAsync(ApiService.Post(body, "k#0"));
        using var batch = await _api.Client.SendAsync(ApiService.Post(body, "k", "/v1/orders/batch", "application/x-ndjson"));

        alone.StatusCode.ShouldBe(HttpStatusCode.Conflict, attribute);
        var problem = await TestService.ProblemAsync(alone);
        problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(attribute);
        problem.GetProperty("item").GetProperty("pk").GetString().ShouldBe($"IDEM#{merchant}#k#0");
        problem.GetProperty("detail").GetString()!.ShouldContain("Idempotency-Key");
        var line = JsonElement.Parse(await batch.Content.ReadAsStringAsync());
        (line.GetProperty("status").GetInt32(), line.GetProperty("errors").EnumerateObject().Single().Name).ShouldBe((409, attribute));
        (await _api.ItemsOfAsync(merchant)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_later_version_added_to_a_key_is_no_fault()
    {
        const string body = """{"merchant_id":"m-later","amount":200.00,"currency":"INR"}""";
        using var first = await _api.Client.SendAsync(ApiService.Post(body, "k"));
        var item = await _api.ItemAsync(IdempotencyItem.Key("m-later", "k"));
        item["more"] = new() { S = "x" };
        item["answer"] = new() { S = item["answer"].S[..^1] + ",\"more\":1}" };
        await _api.PutAsync(item);

        using var again = await _api.Client.SendAsync(ApiService.Post(body, "k"));

        (again.StatusCode, await again.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.Created, item["answer"].S));
    }

    private async Task<Guid> BrokenAsync(string attribute, AttributeValue? value, string merchant = "merchant-102")
    {
        var id = await _api.PlaceAsync(merchant);
        var item = await _api.ItemAsync(id);
        _ = item.Remove(attribute);
        if (value is not null)
        {
            item[attribute] = value;
        }

        await _api.PutAsync(item);
        item["pk"].S.ShouldBe(OrderItem.PartitionKey(id));
        return id;
    }
}
