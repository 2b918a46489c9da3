using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Dapper;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Orders.Tests.Query;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// Versions of 64 bits through the whole system: some writers take a time in nanoseconds for one.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class LargeVersionsTests(GatewayFixture fixture)
{
    private const long Nanoseconds = 1769851800123456789;

    public static TheoryData<long> Versions => [int.MaxValue, 1L << 53, (1L << 53) + 1, 9_999_999_999_999_999, Nanoseconds, (long)OrderFields.VersionRule.Most - 2];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_reader_shows_the_exact_version_and_Redis_never_a_former_state(long version)
    {
        var order = SampleOrders.Placed(merchant: "merchant-64", lines: 1, customer: "customer-64") with { OrderId = Guid.CreateVersion7(), Version = version };
        await PutAsync(order);
        (await ReadAsync(order, version)).ShouldBe("placed");

        (await ReadAllAsync(order)).ShouldBe([$"{version} placed"]);
        await ChangeAsync(order, HttpMethod.Patch, version + 1, 412);
        await ChangeAsync(order, HttpMethod.Patch, version, 200);
        (await ReadAsync(order, version + 1)).ShouldBe("paid");
        (await ReadAllAsync(order)).ShouldBe([$"{version} placed", $"{version + 1} paid"]);
        (await HistoryAsync(order, "{}")).ShouldBe([$"{version}", $"{version + 1}"]);
        foreach (var after in new[] { $"{version}", $"\"{version}\"" })
        {
            (await HistoryAsync(order, $$"""{"after":{{after}} }""")).ShouldBe([$"{version + 1}"]);
            (await HistoryAsync(order, $$"""{"after":{{after}} }""", byGet: true)).ShouldBe([$"{version + 1}"]);
            (await HistoryAsync(order, "{}", after)).ShouldBe([$"{version + 1}"]);
        }

        await ChangeAsync(order, HttpMethod.Delete, version, 412);
        await ChangeAsync(order, HttpMethod.Delete, version + 1, 204);
        await Eventually.HoldsAsync(async () => await StatusAsync($"/v1/orders/{order.OrderId}") == HttpStatusCode.NotFound);
        for (var times = 0; times < 5; times++)
        {
            (await StatusAsync($"/v1/orders/{order.OrderId}?min_version={version + 2}")).ShouldBe(HttpStatusCode.NotFound);
        }

        (await RestHistoryAsync(order)).ShouldBe([$"{version} placed", $"{version + 1} paid", $"{version + 2} paid"]);
        var changes = await FeedAsync(order, 3);
        changes.Select(change => change.Told).ShouldBe([$"{version} {version} placed", $"{version + 1} {version + 1} changed", $"{version + 2} {version + 2} deleted"]);
        (await FeedAsync(order, 2, after: changes[0].Id)).Select(change => change.Told).ShouldBe(changes[1..].Select(change => change.Told));
    }

    [Fact]
    public async Task What_a_float_holds_is_a_number_and_what_it_does_not_a_string()
    {
        foreach (var (version, json) in new[] { (1L, "1"), (9007199254740991, "9007199254740991"), (9007199254740992, "\"9007199254740992\""), ((long)OrderFields.VersionRule.Most, "\"9200000000000000000\"") })
        {
            var order = SampleOrders.Placed(merchant: "merchant-64") with { OrderId = Guid.CreateVersion7(), Version = version };
            await PutAsync(order);
            await ReadAsync(order, version);

            (await fixture.Gateway.AskAsync("query ($id: ID!) { order(id: $id) { version } }", new { id = order.OrderId })).GetProperty("order").GetProperty("version").GetRawText().ShouldBe(json);
        }
    }

    [Fact]
    public async Task An_order_at_the_last_version_there_is_is_not_changed_to_one_that_is_none()
    {
        var order = SampleOrders.Placed(merchant: "merchant-64") with { OrderId = Guid.CreateVersion7(), Version = (long)OrderFields.VersionRule.Most };
        await PutAsync(order);
        await ReadAsync(order, order.Version);

        await ChangeAsync(order, HttpMethod.Patch, order.Version, 409);
        await ChangeAsync(order, HttpMethod.Delete, order.Version, 204);

        await Eventually.HoldsAsync(async () => await StatusAsync($"/v1/orders/{order.OrderId}?min_version={order.Version + 1}") == HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e30")]
    [InlineData("\"12x\"")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public async Task What_is_no_whole_number_is_refused_by_name(string value)
    {
        using var body = new StringContent($$"""{"query":"query ($v: Long) { orders(first: 1) { edges { node { history(afterVersion: $v) { version } } } } }","variables":{"v":{{value}} } }""", MediaTypeHeaderValue.Parse("application/json"));
        using var response = await fixture.Gateway.Client.PostAsync("/graphql", body);

        var answer = await GatewayAnswer.ReadAsync(response);
        answer.Status.ShouldBe(400);
        answer.Message.ShouldContain("whole number");
    }

    [Fact]
    public async Task An_id_that_comes_as_a_number_keeps_its_digits()
    {
        await fixture.PlaceAsync(new { merchant_id = "merchant-64", customer_id = "12345678901234567890", amount = 1, currency = "USD" });
        using var body = new StringContent("""{"query":"query ($id: ID!) { customer(id: $id, merchantId: \"merchant-64\") { customerId } }","variables":{"id":12345678901234567890}}""", MediaTypeHeaderValue.Parse("application/json"));

        await Eventually.HoldsAsync(async () =>
        {
            using var response = await fixture.Gateway.Client.PostAsync("/graphql", body);
            return (await GatewayAnswer.ReadAsync(response)).Body.GetProperty("data").GetProperty("customer") is { ValueKind: JsonValueKind.Object } customer
                && customer.GetProperty("customerId").GetString() == "12345678901234567890";
        });
    }

    [Fact]
    public async Task Amounts_in_a_history_are_strings_whatever_their_currencys_digits()
    {
        foreach (var (currency, before, after, price) in new[] { ("JPY", "200", "350", "175"), ("INR", "200.00", "350.00", "175.00") })
        {
            Currency.TryFind(currency, out var known).ShouldBeTrue();
            var order = SampleOrders.Placed(merchant: "merchant-yen", currency: currency) with { OrderId = Guid.CreateVersion7() };
            await PutAsync(order);
            await ReadAsync(order, 1);
            await PutAsync(order with { Version = 2, Amount = known!.Scale(350), Items = [new(1, "p", "Pot", 2, known.Scale(175))] });
            await ReadAsync(order, 2);

            var versions = (await fixture.Gateway.AskAsync(
                "query ($id: ID!) { order(id: $id) { history { changes { field from to } order { amount items { unitPrice } } } } }", new { id = order.OrderId })).GetProperty("order").GetProperty("history");

            versions[1].GetProperty("changes").ToString().ShouldBe(
                $$"""[{"field":"amount","from":"{{before}}","to":"{{after}}"},{"field":"items","from":[],"to":[{"order_item_id":1,"product_id":"p","product_name":"Pot","quantity":2,"unit_price":"{{price}}"}]}]""");
            versions[0].GetProperty("order").GetProperty("amount").GetString().ShouldBe(before);
            versions[1].GetProperty("order").GetProperty("items")[0].GetProperty("unitPrice").GetString().ShouldBe(price);
        }
    }

    private async Task PutAsync(Order order)
    {
        using var table = new AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = fixture.Stores.DynamoDb, AuthenticationRegion = "us-east-1" });
        await table.PutItemAsync(fixture.Stores.Table, OrderItem.From(order));
    }

    private async Task ChangeAsync(Order order, HttpMethod method, long ifMatch, int status)
    {
        using var request = new HttpRequestMessage(method, $"/v1/orders/{order.OrderId}");
        request.Headers.IfMatch.Add(new($"\"{ifMatch}\""));
        request.Content = method == HttpMethod.Patch ? JsonContent.Create(new { status = "paid" }) : null;
        using var answer = await fixture.System.Api.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    // As often as it takes to come from Redis, if there is one.
    private async Task<string> ReadAsync(Order order, long version)
    {
        var status = "";
        await Eventually.HoldsAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{order.OrderId}?min_version={version}");
            request.Headers.Add("Prefer", "wait=30");
            using var answer = await fixture.System.Query.SendAsync(request);
            var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            answer.IsSuccessStatusCode.ShouldBeTrue(body.ToString());
            answer.Headers.ETag!.Tag.ShouldBe($"\"{version}\"");
            body.GetProperty("version").GetRawText().ShouldBe($"{version}");
            status = body.GetProperty("status").GetString()!;
            return fixture.Stores.Redis is null || answer.Headers.GetValues("X-Served-By").Single() == "redis";
        });
        return status;
    }

    // By id, by list, in the history, in the feed and in GraphQL: version and status.
    private async Task<string[]> ReadAllAsync(Order order)
    {
        var (query, id) = (fixture.System.Query, order.OrderId);
        var history = await RestHistoryAsync(order);
        foreach (var path in new[] { $"/v1/orders?ids={id}", "/v1/orders?merchant_id=merchant-64" })
        {
            Told((await query.GetFromJsonAsync<JsonElement>(path)).GetProperty("orders").EnumerateArray().Single(one => one.GetProperty("order_id").GetGuid() == id), "order_id").ShouldBe(history[^1]);
        }

        var byCustomer = await query.GetFromJsonAsync<JsonElement>("/v1/orders/by-customer?ids=merchant-64/customer-64");
        Told(byCustomer.GetProperty("customers")[0].GetProperty("orders").EnumerateArray().Single(one => one.GetProperty("order_id").GetGuid() == id), "order_id").ShouldBe(history[^1]);
        Told((await fixture.Gateway.AskAsync("query ($id: ID!) { order(id: $id) { version status } }", new { id })).GetProperty("order"), "version").ShouldBe(history[^1]);
        return history;

        static string Told(JsonElement one, string member)
        {
            one.TryGetProperty(member, out _).ShouldBeTrue();
            return $"{one.GetProperty("version")} {one.GetProperty("status").GetString()!.ToLowerInvariant()}";
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await fixture.System.Query.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task<string[]> RestHistoryAsync(Order order) =>
    [
        .. (await fixture.System.Query.GetFromJsonAsync<JsonElement>($"/v1/orders/{order.OrderId}/history")).GetProperty("versions").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("version").GetRawText()} {entry.GetProperty("order").GetProperty("status").GetString()}"),
    ];

    // The revision, the version and what happened, from the feed's beginning or behind a change.
    private async Task<List<(string Id, string Told)>> FeedAsync(Order order, int count, string? after = null)
    {
        await using var connection = new NpgsqlConnection(fixture.Stores.Postgres);
        after ??= SealedIds.Of(fixture.Stores.Settings).Close(new((await connection.ExecuteScalarAsync<string>("SELECT feed_id FROM sync.change_feed"))!, new(1)));
        await using var stream = await fixture.System.Query.GetStreamAsync($"/v1/changes?order_id={order.OrderId}&last_event_id={after}");
        using var lines = new StreamReader(stream);
        var (changes, id) = (new List<(string, string)>(), "");
        while (changes.Count < count && await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: {", StringComparison.Ordinal) && line.Contains("\"revision\"", StringComparison.Ordinal) && JsonElement.Parse(line["data: ".Length..]) is var change)
            {
                changes.Add((id, $"{change.GetProperty("revision").GetRawText()} {change.GetProperty("version").GetRawText()} {change.GetProperty("change").GetString()}"));
            }
        }

        return changes;
    }

    private async Task<string[]> HistoryAsync(Order order, string variables, string? after = null, bool byGet = false)
    {
        var query = $"query ($after: Long) {{ order(id: \"{order.OrderId}\") {{ history(afterVersion: {after ?? "$after"}) {{ version }} }} }}";
        if (after is not null)
        {
            query = query.Replace("($after: Long) ", "", StringComparison.Ordinal);
        }

        using var body = new StringContent($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}} }""", MediaTypeHeaderValue.Parse("application/json"));
        using var get = new HttpRequestMessage(HttpMethod.Get, $"/graphql?query={Uri.EscapeDataString(query)}&variables={Uri.EscapeDataString(variables)}") { Headers = { { "X-Requested-With", "test" } } };
        using var response = byGet
            ? await fixture.Gateway.Client.SendAsync(get)
            : await fixture.Gateway.Client.PostAsync("/graphql", body);
        var answer = await GatewayAnswer.ReadAsync(response);
        answer.Body.TryGetProperty("errors", out var errors).ShouldBeFalse(errors.ToString());
        return VersionsOf(answer.Body.GetProperty("data"));
    }

    private static string[] VersionsOf(JsonElement data) => [.. data.GetProperty("order").GetProperty("history").EnumerateArray().Select(entry => entry.GetProperty("version").ToString())];
}
