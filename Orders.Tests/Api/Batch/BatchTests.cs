using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Batch;

public sealed class BatchTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Lines = "application/x-ndjson";

    private readonly ApiService _api = fixture.Service;

    [Theory]
    [InlineData(Lines)]
    [InlineData("application/ndjson")]
    [InlineData("application/jsonl")]
    public async Task Each_line_has_an_answer_in_its_place_and_a_bad_one_fails_alone(string mediaType)
    {
        var merchant = $"m-{mediaType[12..]}";
        var body =
            $$"""
            {"merchant_id":"{{merchant}}","amount":1,"currency":"INR"}
            {"merchant_id":"{{merchant}}","amount":-1,"currency":"INR","colour":1}

            {"merchant_id":
            {"merchant_id":"{{merchant}}","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":1.5}],"currency":"KWD"}
            """;

        using var answer = await _api.Client.SendAsync(ApiService.Post(body, path: "/v1/orders/batch", mediaType: mediaType));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(Lines);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldEndWith("\n");
        var lines = Parse(text);
        lines.Select(line => line.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2, 3]);
        lines.Select(Status).ShouldBe([201, 400, 400, 201]);
        lines[0].EnumerateObject().Select(member => member.Name).ShouldBe(["index", "status", "order"]);
        lines[1].EnumerateObject().Select(member => member.Name).ShouldBe(["index", "status", "errors"]);
        ApiService.Fields(lines[1]).ShouldBe(["amount", "colour"], ignoreOrder: true);
        ApiService.Fields(lines[2]).ShouldBe(["body"]);

        var order = lines[3].GetProperty("order");
        order.EnumerateObject().Select(member => member.Name).ShouldBe(["order_id", "version", "status", "amount", "currency", "placed_at"]);
        order.GetProperty("amount").GetRawText().ShouldBe("3.000");
        var stored = await _api.ItemsOfAsync(merchant);
        stored.Select(item => item["order_id"].S).ShouldBe([OrderId(lines[0]), OrderId(lines[3])], ignoreOrder: true);
        stored.Single(item => item["order_id"].S == OrderId(lines[3]))["items"].L.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_array_is_a_batch_too()
    {
        using var answer = await PostAsync("""[{"merchant_id":"m-array","amount":1,"currency":"INR"}, 7, {"merchant_id":"m-array","amount":2,"currency":"INR"}]""", "application/json");

        Parse(await answer.Content.ReadAsStringAsync()).Select(Status).ShouldBe([201, 400, 201]);
        (await _api.ItemsOfAsync("m-array")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_thousand_orders_are_stored_each_as_it_was_sent()
    {
        var body = string.Join('\n', Enumerable.Range(1, 1000).Select(i => $$"""{"merchant_id":"m-1000","customer_id":"c-{{i}}","amount":{{i}}.25,"currency":"INR"}"""));

        using var answer = await PostAsync(body);

        var lines = Parse(await answer.Content.ReadAsStringAsync());
        lines.Count.ShouldBe(1000);
        lines.ShouldAllBe(line => Status(line) == 201);
        var stored = (await _api.ItemsOfAsync("m-1000")).ToDictionary(item => item["order_id"].S);
        stored.Count.ShouldBe(1000);
        for (var i = 0; i < 1000; i++)
        {
            var item = stored[OrderId(lines[i])];
            (item["customer_id"].S, item["amount"].N).ShouldBe(($"c-{i + 1}", $"{i + 1}.25"));
            lines[i].GetProperty("order").GetProperty("amount").GetRawText().ShouldBe($"{i + 1}.25");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task None_and_more_than_a_thousand_orders_are_400_and_nothing_is_written(int count)
    {
        using var answer = await PostAsync(string.Join('\n', Enumerable.Repeat("""{"merchant_id":"m-1001","amount":1,"currency":"INR"}""", count)));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await TestService.ProblemAsync(answer);
        problem.GetProperty("errors").GetProperty("body")[0].GetString()!.ShouldContain($"{count}");
        (await _api.ItemsOfAsync("m-1001")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_for_another_merchant_is_403_alone()
    {
        using var acme = _api.ClientOf(ApiService.Acme);
        using var answer = await acme.SendAsync(ApiService.Post(
            """
            {"merchant_id":"merchant-102","amount":1,"currency":"INR"}
            {"merchant_id":"merchant-104","amount":1,"currency":"INR"}
            """,
            path: "/v1/orders/batch", mediaType: Lines));

        var lines = Parse(await answer.Content.ReadAsStringAsync());
        lines.Select(Status).ShouldBe([201, 403]);
        ApiService.Fields(lines[1]).ShouldBe(["merchant_id"]);
        (await _api.ItemsOfAsync("merchant-104")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_with_a_key_gives_the_first_answers_again()
    {
        var body = string.Join('\n', Enumerable.Range(1, 60).Select(i => $$"""{"merchant_id":"m-again","amount":{{i}},"currency":"INR"}"""));
        using var first = await PostAsync(body, key: "b");
        using var second = await PostAsync(body.Replace(",", " , ", StringComparison.Ordinal), key: "b");

        var (firstLines, secondLines) = (Parse(await first.Content.ReadAsStringAsync()), Parse(await second.Content.ReadAsStringAsync()));
        secondLines.Select(line => line.GetProperty("order").GetRawText()).ShouldBe(firstLines.Select(line => line.GetProperty("order").GetRawText()));
        firstLines.ShouldAllBe(line => line.EnumerateObject().All(member => member.Name != "replayed"));
        secondLines.ShouldAllBe(line => line.GetProperty("replayed").GetBoolean());
        (await _api.ItemsOfAsync("m-again")).Count(IsOrder).ShouldBe(60);
    }

    [Fact]
    public async Task A_single_order_of_a_batch_may_be_repeated_alone_under_its_own_key()
    {
        const string order = """{"merchant_id":"m-alone","amount":2,"currency":"INR"}""";
        using var batch = await PostAsync($$"""{"merchant_id":"m-alone","amount":1,"currency":"INR"}{{"\n"}}{{order}}""", key: "b");
        using var alone = await _api.Client.SendAsync(ApiService.Post(order, "b#1"));

        alone.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await alone.Content.ReadAsStringAsync()).ShouldBe(Parse(await batch.Content.ReadAsStringAsync())[1].GetProperty("order").GetRawText());
    }

    [Fact]
    public async Task A_batch_with_a_used_key_is_422_where_it_differs_and_new_where_it_was_refused()
    {
        using var first = await PostAsync(
            """
            {"merchant_id":"m-differs","amount":1,"currency":"INR"}
            {"merchant_id":"m-differs","amount":2,"currency":"INR"}
            {"merchant_id":"m-differs","amount":-3,"currency":"INR"}
            """,
            key: "b");
        using var second = await PostAsync(
            """
            {"merchant_id":"m-differs","amount":1,"currency":"INR"}
            {"merchant_id":"m-differs","amount":22,"currency":"INR"}
            {"merchant_id":"m-differs","amount":3,"currency":"INR"}
            """,
            key: "b");

        Parse(await first.Content.ReadAsStringAsync()).Select(Status).ShouldBe([201, 201, 400]);
        Parse(await second.Content.ReadAsStringAsync()).Select(Status).ShouldBe([201, 422, 201]);
        (await _api.ItemsOfAsync("m-differs")).Count(IsOrder).ShouldBe(3);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/csv", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_batch_in_another_form_is_415(string mediaType, HttpStatusCode status)
    {
        using var answer = await PostAsync("""{"merchant_id":"m-csv","amount":1,"currency":"INR"}""", mediaType);

        answer.StatusCode.ShouldBe(status);
        await TestService.ProblemAsync(answer);
    }

    [Fact]
    public async Task A_batch_of_more_than_one_MiB_is_413_and_nothing_is_written()
    {
        using var answer = await PostAsync("""{"merchant_id":"m-413","amount":1,"currency":"INR"}""".PadRight((1024 * 1024) + 1));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _api.ItemsOfAsync("m-413")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_malformed_key_is_400_and_names_the_header()
    {
        using var answer = await PostAsync("""{"merchant_id":"m-key","amount":1,"currency":"INR"}""", key: "two words");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe(["Idempotency-Key"]);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string mediaType = Lines, string? key = null) =>
        _api.Client.SendAsync(ApiService.Post(body, key, "/v1/orders/batch", mediaType));

    private static List<JsonElement> Parse(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static int Status(JsonElement line) => line.GetProperty("status").GetInt32();

    private static string OrderId(JsonElement line) => line.GetProperty("order").GetProperty("order_id").GetString()!;

    private static bool IsOrder(Dictionary<string, AttributeValue> item) => item["entity"].S == "order";
}
