using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DynamoStreams.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Orders.Domain;
using Orders.ServiceDefaults.SignIn;
using Orders.Sync;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync.DeadLetters;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

public sealed class OperationsApiTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private WebApplication _app = null!;
    private DeadLetterBench _bench = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        using (var dynamo = StreamTable.Client(fixture.Stores))
        {
            if (!(await dynamo.ListTablesAsync()).TableNames.Contains(fixture.Stores.Table))
            {
                await StreamTable.CreateAsync(dynamo, fixture.Stores.Table, Amazon.DynamoDBv2.StreamViewType.NEW_AND_OLD_IMAGES);
            }
        }

        var settings = fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        AddKey(settings, 0, "operator", "*", "operations");
        AddKey(settings, 1, "limited", "m-mine", "operations");
        AddKey(settings, 2, "reader", "*", "orders:read");
        _app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await _app.StartAsync();
        _address = new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        _bench = DeadLetterBench.Create(fixture);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Operations_are_for_keys_with_the_scope_and_listed_in_the_document()
    {
        using var nobody = new HttpClient { BaseAddress = _address };
        using var reader = Client("reader");
        using var all = Client("operator");
        foreach (var path in new[] { "/v1/operations/status", "/v1/operations/dead-letters" })
        {
            (await nobody.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await reader.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await all.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var paths = (await nobody.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        paths.GetProperty("/v1/operations/status").GetProperty("get").GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        paths.TryGetProperty("/v1/operations/dead-letters/redrive", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_is_described_as_a_number_and_not_as_text_too()
    {
        using var nobody = new HttpClient { BaseAddress = _address };
        var document = await nobody.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        document.GetProperty("components").GetProperty("schemas").GetProperty("StoredDeadLetter").GetProperty("properties").GetProperty("id")
            .GetProperty("type").ToString().ShouldBe("integer");
        // What the platform says of the texts that it takes for numbers.
        document.ToString().ShouldNotContain("\"pattern\"");
    }

    [Fact]
    public async Task Dead_letters_are_listed_page_by_page_redriven_and_discarded()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(await fixture.LeaseAsync(), DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        using var client = Client("operator");

        var page = await client.GetFromJsonAsync<JsonElement>($"/v1/operations/dead-letters?order_id={bad.OrderId}&limit=1");
        var first = page.GetProperty("dead_letters").EnumerateArray().Single();
        first.GetProperty("error").GetString().ShouldBe("currency: is missing");
        var next = await client.GetFromJsonAsync<JsonElement>($"/v1/operations/dead-letters?order_id={bad.OrderId}&limit=1&after={page.GetProperty("after").GetInt64()}");
        next.GetProperty("dead_letters").EnumerateArray().Single().GetProperty("state").GetString().ShouldBe("waiting");
        next.GetProperty("after").ValueKind.ShouldBe(JsonValueKind.Null);

        (await ReadAsync(await client.PostAsync($"/v1/operations/dead-letters/redrive?order_id={bad.OrderId}", null))).GetProperty("failed").GetInt64().ShouldBe(1);
        (await ReadAsync(await client.DeleteAsync($"/v1/operations/dead-letters?id={first.GetProperty("id").GetInt64()}"))).GetProperty("waiting").GetInt64().ShouldBe(1);
        (await ReadAsync(await client.PostAsync($"/v1/operations/dead-letters/redrive?order_id={bad.OrderId}", null))).GetProperty("applied").GetInt64().ShouldBe(1);
        (await fixture.ScalarAsync<long>("SELECT version FROM orders WHERE order_id = @OrderId", bad)).ShouldBe(2);
    }

    [Theory]
    [InlineData("GET", "?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "?order_id=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "?order_id=%200199f6a0-0000-7000-8000-000000000000", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "?id=1&order_id=0199f6a0-0000-7000-8000-000000000000", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "?id=999999", HttpStatusCode.NotFound)]
    [InlineData("POST", "/redrive?id=x", HttpStatusCode.BadRequest)]
    public async Task A_wrong_request_is_answered_with_a_problem(string method, string rest, HttpStatusCode status)
    {
        using var client = Client("operator");
        var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/operations/dead-letters{rest}"));
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/redrive")]
    [InlineData("DELETE", "")]
    public async Task Dead_letters_whose_key_has_no_order_id_are_named_to_whoever_asks_by_that_key_and_may_see_them(string method, string path)
    {
        var id = $"odd-{method}";
        const string Image = """{"entity":{"S":"order"},"merchant_id":{"S":"m-other"}}""";
        await _bench.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{id}", Image), StreamRecords.Raw(StreamEvent.Modify, $"ORDER#{id}", Image));
        var letters = await fixture.ScalarAsync<string>("SELECT string_agg(dead_letter_id::text, ', ' ORDER BY dead_letter_id) FROM sync.dead_letters WHERE item_key LIKE @Key", new { Key = $"%#{id}|%" });

        (await ProblemAsync("operator")).ShouldBe($"is not a UUID. The dead letters of the item with this key are named by id, one by one: {letters}.");
        (await ProblemAsync("limited")).ShouldBe("is not a UUID. No dead letter is of an item with such a key.");

        async Task<string> ProblemAsync(string key)
        {
            using var client = Client(key);
            using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/operations/dead-letters{path}?order_id=ORDER%23{id}"));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("order_id")[0].GetString()!;
        }
    }

    [Theory]
    [InlineData("GET", "?merchant_id=a%00b")]
    [InlineData("POST", "/redrive?merchant_id=a%00b")]
    [InlineData("GET", "?order_id=a%00b")]
    [InlineData("GET", "?order_id=")]
    public async Task What_postgres_cannot_hold_is_a_problem_of_the_request(string method, string rest)
    {
        using var client = Client("operator");
        (await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/operations/dead-letters{rest}"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_key_of_one_merchant_sees_and_discards_nothing_of_another()
    {
        var (mine, other) = (SampleOrders.Placed(merchant: "m-mine"), SampleOrders.Placed(merchant: "m-other"));
        await _bench.ApplyAsync(await fixture.LeaseAsync(), DeadLetterBench.Broken(mine), DeadLetterBench.Broken(other));
        using var client = Client("limited");

        var seen = (await client.GetFromJsonAsync<JsonElement>("/v1/operations/dead-letters")).GetProperty("dead_letters").EnumerateArray().ToArray();
        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(letter => letter.GetProperty("merchant_id").GetString() == "m-mine");
        (await client.DeleteAsync($"/v1/operations/dead-letters?order_id={other.OrderId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ReadAsync(await client.PostAsync("/v1/operations/dead-letters/redrive?merchant_id=m-other", null))).GetProperty("failed").GetInt64().ShouldBe(0);
        (await _bench.OfAsync(other)).Count.ShouldBe(1);
        (await ReadAsync(await client.DeleteAsync($"/v1/operations/dead-letters?order_id={mine.OrderId}"))).GetProperty("discarded").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_key_of_some_merchants_is_refused_whatever_is_about_all_of_them()
    {
        using var limited = Client("limited");
        using var all = Client("operator");
        var paths = (await all.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        var routes = paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Path: path.Name, Method: method.Name.ToUpperInvariant(), Docs: method.Value)))
            .Where(route => route.Path.StartsWith("/v1/operations/", StringComparison.Ordinal) && !route.Path.StartsWith("/v1/operations/dead-letters", StringComparison.Ordinal))
            .ToArray();
        routes.Length.ShouldBeGreaterThanOrEqualTo(10);

        foreach (var (path, method, docs) in routes)
        {
            using var refused = await limited.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"{path}?repair=perhaps"));
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
            var problem = await TestService.ProblemAsync(refused);
            problem.GetProperty("detail").GetString()!.ShouldContain("it needs a key of all merchants (*)");
            problem.GetProperty("required_merchants")[0].GetString().ShouldBe("*");
            docs.GetProperty("responses").GetProperty("403").ToString().ShouldContain("it needs a key of all merchants (*)");
        }

        // None of it has begun anything.
        foreach (var path in new[] { "reconcile", "rebuild" })
        {
            (await all.GetAsync($"/v1/operations/{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task A_key_without_the_scope_is_told_of_the_scope_first()
    {
        using var reader = Client("reader");
        var problem = await TestService.ProblemAsync(await reader.PostAsync("/v1/operations/reconcile", null));
        problem.GetProperty("missing_scopes")[0].GetString().ShouldBe("operations");
    }

    [Fact]
    public async Task A_letter_of_an_unknown_merchant_is_the_operators_and_what_waits_behind_it_is_not_redriven_by_others()
    {
        var order = SampleOrders.Placed(merchant: "m-mine");
        await _bench.ApplyAsync(await fixture.LeaseAsync(), DeadLetterBench.WithoutMerchant(order), StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        var letters = await _bench.OfAsync(order);
        letters.Select(letter => letter.MerchantId).ShouldBe([null, "m-mine"]);
        using var client = Client("limited");

        foreach (var (method, path) in new[] { ("POST", "/redrive"), ("DELETE", "") })
        {
            (await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/operations/dead-letters{path}?id={letters[0].Id}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound, method);
        }

        var seen = (await client.GetFromJsonAsync<JsonElement>($"/v1/operations/dead-letters?order_id={order.OrderId}")).GetProperty("dead_letters").EnumerateArray().Single();
        seen.GetProperty("id").GetInt64().ShouldBe(letters[1].Id);
        (seen.GetProperty("shard_id").ValueKind, seen.GetProperty("sequence_number").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null), "they count everybody's changes");
        var redriven = await ReadAsync(await client.PostAsync($"/v1/operations/dead-letters/redrive?id={letters[1].Id}", null));
        (redriven.GetProperty("applied").GetInt64(), redriven.GetProperty("failed").GetInt64(), redriven.GetProperty("remaining").GetInt64()).ShouldBe((0, 0, 1));
        (await _bench.OfAsync(order))[0].Attempts.ShouldBe(letters[0].Attempts, "the operator's letter was not tried");
    }

    [Fact]
    public async Task A_letter_of_another_merchant_that_waits_behind_ones_own_is_neither_applied_nor_counted()
    {
        var order = SampleOrders.Placed(merchant: "m-mine");
        await _bench.ApplyAsync(await fixture.LeaseAsync(), DeadLetterBench.Broken(order), StreamRecords.Modify(order, order.Next(OrderStatus.Paid) with { MerchantId = "m-other" }));
        (await _bench.OfAsync(order)).Select(letter => letter.MerchantId).ShouldBe(["m-mine", "m-other"]);
        using var client = Client("limited");

        var redriven = await ReadAsync(await client.PostAsync($"/v1/operations/dead-letters/redrive?order_id={order.OrderId}", null));
        (redriven.GetProperty("failed").GetInt64(), redriven.GetProperty("remaining").GetInt64()).ShouldBe((0, 1));
        var discarded = await ReadAsync(await client.DeleteAsync($"/v1/operations/dead-letters?order_id={order.OrderId}"));
        (discarded.GetProperty("discarded").GetInt64(), discarded.GetProperty("waiting").GetInt64()).ShouldBe((1, 0));
        (await _bench.OfAsync(order)).ShouldHaveSingleItem().MerchantId.ShouldBe("m-other");
    }

    private HttpClient Client(string key) => new() { BaseAddress = _address, DefaultRequestHeaders = { { "X-Api-Key", $"{key}.{key}-secret" } } };

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static void AddKey(Dictionary<string, string?> settings, int number, string id, string merchants, string scopes)
    {
        settings[$"Orders:Keys:{number}:Id"] = id;
        settings[$"Orders:Keys:{number}:Hash"] = ApiKeyHash.Of($"{id}-secret").ToString();
        settings[$"Orders:Keys:{number}:Merchants"] = merchants;
        settings[$"Orders:Keys:{number}:Scopes"] = scopes;
    }
}
