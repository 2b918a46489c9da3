using System.Net;
using System.Net.Http.Headers;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Orders.Domain.Rules;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class PlaceTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiService _api = fixture.Service;

    [Fact]
    public async Task The_first_seeds_request_works_word_for_word()
    {
        using var anonymous = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_api.Address, "/v1/orders"))
        {
            Content = new StringContent("""{"merchant_id": "merchant-102", "amount": 200.00, "currency": "INR"}""", MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic Zm9vOmJhcg==");
        var before = Timestamp.Truncate(TimeProvider.System.GetUtcNow());

        using var answer = await anonymous.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var order = await ApiService.JsonAsync(answer);
        order.EnumerateObject().Select(member => member.Name).ShouldBe(["order_id", "version", "status", "amount", "currency", "placed_at"]);
        var id = order.GetProperty("order_id").GetGuid();
        id.Version.ShouldBe(7);
        order.GetProperty("version").GetRawText().ShouldBe("1");
        order.GetProperty("status").GetString().ShouldBe("placed");
        order.GetProperty("amount").GetRawText().ShouldBe("200.00");
        order.GetProperty("currency").GetString().ShouldBe("INR");
        order.GetProperty("placed_at").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        order.GetProperty("placed_at").GetDateTimeOffset().ShouldBeInRange(before, TimeProvider.System.GetUtcNow());
        answer.Headers.Location!.OriginalString.ShouldBe($"/v1/orders/{id:D}");
        answer.Headers.ETag!.ToString().ShouldBe("\"1\"");
        answer.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();

        var stored = Stored(await _api.ItemAsync(id));
        (stored.OrderId, stored.MerchantId, stored.CustomerId, stored.Status, stored.Currency.Code, stored.Amount, stored.Version)
            .ShouldBe((id, "merchant-102", null, OrderStatus.Placed, "INR", 200m, 1L));
        stored.Items.ShouldBeEmpty();
        Timestamp.Text(stored.PlacedAt).ShouldBe(order.GetProperty("placed_at").GetString());
        stored.UpdatedAt.ShouldBe(stored.PlacedAt);
    }

    [Fact]
    public async Task An_order_with_its_lines_is_stored_as_one_item()
    {
        using var answer = await _api.Client.SendAsync(ApiService.Post(
            """
            {"merchant_id":"m-lines","customer_id":"customer-7","currency":"KWD","amount":4.5,"items":[
              {"product_id":"tea","product_name":"Crème ☕","quantity":2,"unit_price":1.125},
              {"product_id":"pot","product_name":"Pot \"1\"","quantity":1,"unit_price":2.25}]}
            """));

        var answered = await ApiService.JsonAsync(answer);
        answered.GetProperty("amount").GetRawText().ShouldBe("4.500");
        var item = (await _api.ItemsOfAsync("m-lines")).ShouldHaveSingleItem();
        var stored = Stored(item);
        stored.CustomerId.ShouldBe("customer-7");
        stored.Items.ShouldBe([new OrderLine(1, "tea", "Crème ☕", 2, 1.125m), new OrderLine(2, "pot", "Pot \"1\"", 1, 2.250m)]);
    }

    [Fact]
    public async Task The_largest_order_is_stored()
    {
        var id = new string('a', TextRule.PlainId.Longest);
        var line = $$"""{"product_id":"{{id}}","product_name":"{{new string('€', TextRule.Name.Longest)}}","quantity":1,"unit_price":1}""";

        using var answer = await _api.Client.SendAsync(ApiService.Post(
            $$"""{"merchant_id":"{{id}}","customer_id":"{{id}}","currency":"INR","items":[{{string.Join(',', Enumerable.Repeat(line, OrderFields.RequestLines))}}]}"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        Stored((await _api.ItemsOfAsync(id)).ShouldHaveSingleItem()).Items.Count.ShouldBe(OrderFields.RequestLines);
    }

    [Fact]
    public async Task Each_order_has_an_id_of_its_own_and_ids_sort_by_time()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _api.PlaceAsync("m-ids"));
            await Task.Delay(2);
        }

        ids.Select(id => id.ToString()).ShouldBeInOrder();
        (await _api.ItemsOfAsync("m-ids")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Bad_fields_are_named_in_a_problem_and_nothing_is_written()
    {
        using var answer = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-bad","amount":"5","currency":"inr","colour":1}"""));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await TestService.ProblemAsync(answer);
        ApiService.Fields(problem).ShouldBe(["amount", "currency", "colour"], ignoreOrder: true);
        problem.GetProperty("errors").GetProperty("colour")[0].GetString().ShouldBe("is not a field of an order");
        (await _api.ItemsOfAsync("m-bad")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[")]
    public async Task A_body_that_is_no_JSON_is_400(string body)
    {
        using var answer = await _api.Client.SendAsync(ApiService.Post(body));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe(["body"]);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Created)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_may_have_one_MiB_and_no_byte_more(int over, HttpStatusCode status)
    {
        const string order = """{"merchant_id":"m-mib","amount":5,"currency":"INR"}""";
        using var answer = await _api.Client.SendAsync(ApiService.Post(order.PadRight((1024 * 1024) + over)));

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_length_is_measured_as_it_comes()
    {
        const string order = """{"merchant_id":"m-mib","amount":5,"currency":"INR"}""";
        using var small = ApiService.Post(order.PadRight(1000 * 1024));
        using var large = ApiService.Post(order.PadRight(1025 * 1024));
        (small.Headers.TransferEncodingChunked, large.Headers.TransferEncodingChunked) = (true, true);

        using var placed = await _api.Client.SendAsync(small);
        using var refused = await _api.Client.SendAsync(large);

        placed.StatusCode.ShouldBe(HttpStatusCode.Created);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await TestService.ProblemAsync(refused);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/x-ndjson")]
    public async Task A_body_that_is_not_said_to_be_JSON_is_415(string mediaType)
    {
        using var answer = await _api.Client.SendAsync(ApiService.Post("""{"merchant_id":"m-415","amount":5,"currency":"INR"}""", mediaType: mediaType));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("application/json");
        (await _api.ItemsOfAsync("m-415")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_places_orders_for_its_own_merchants_only()
    {
        using var acme = _api.ClientOf(ApiService.Acme);
        using var own = await acme.SendAsync(ApiService.Post("""{"merchant_id":"merchant-103","amount":5,"currency":"INR"}"""));
        using var other = await acme.SendAsync(ApiService.Post("""{"merchant_id":"merchant-104","amount":5,"currency":"INR"}""", key: "k"));

        own.StatusCode.ShouldBe(HttpStatusCode.Created);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        ApiService.Fields(await TestService.ProblemAsync(other)).ShouldBe(["merchant_id"]);
        (await _api.ItemsOfAsync("merchant-104")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_credentials_are_401_and_a_reading_key_is_403()
    {
        using var wrong = ApiService.Post("""{"merchant_id":"m-401","amount":5,"currency":"INR"}""");
        wrong.Headers.Authorization = TestService.Basic("foo", "wrong");
        using var unauthorized = await _api.Client.SendAsync(wrong);
        using var reader = _api.ClientOf(ApiService.Reader);
        using var forbidden = await reader.SendAsync(ApiService.Post("""{"merchant_id":"m-401","amount":5,"currency":"INR"}"""));

        unauthorized.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _api.ItemsOfAsync("m-401")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recorded_trace_travels_in_the_item()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = ApiService.Post("""{"merchant_id":"m-trace","amount":5,"currency":"INR"}""");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        using var answer = await _api.Client.SendAsync(request);

        var item = (await _api.ItemsOfAsync("m-trace")).ShouldHaveSingleItem();
        item["traceparent"].S.ShouldMatch($"^00-{trace}-[0-9a-f]{{16}}-01$");
    }

    [Fact]
    public async Task A_trace_that_nobody_records_leaves_nothing_in_the_item()
    {
        using var request = ApiService.Post("""{"merchant_id":"m-no-trace","amount":5,"currency":"INR"}""");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        using var answer = await _api.Client.SendAsync(request);

        (await _api.ItemsOfAsync("m-no-trace")).ShouldHaveSingleItem().ShouldNotContainKey("traceparent");
    }

    private static Order Stored(Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item)
    {
        OrderItem.TryRead(item, out var order, out var fault).ShouldBeTrue($"{fault}");
        return order!;
    }
}
