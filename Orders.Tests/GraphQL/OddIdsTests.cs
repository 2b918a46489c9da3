using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// Orders, customers and products whose ids the write API would refuse: each is found, and none harms the
/// others of its page.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class OddIdsTests(GatewayFixture fixture)
{
    private static readonly string[] Ids =
    [
        "jane+shop@example.com", "a/b", "/", "a,b", ",", "50%", "50%25", "%2F", "what?", "#1", "a&b=c", "..", ".", "../..", "a\\b", " ", "", "zażółć", "🛒", "line\nbreak", "\u0001", new('x', 2_000), new('语', 800),
    ];

    private const string Page =
        """
        query ($merchant: ID!, $first: Int!) {
          orders(first: 100, filter: { merchantId: $merchant }) {
            edges { node { orderId customerId customer { customerId orderCount orders(first: $first) { edges { node { orderId } } } } items { productId product { productId unitPrice } } } }
          }
        }
        """;

    [Fact]
    public async Task Each_order_of_a_page_has_its_customer_and_its_product_whatever_their_ids_are()
    {
        const string merchant = "merchant-odd";
        await StoreAsync(merchant, Ids);

        var answer = await fixture.Gateway.SendAsync(Page, new { merchant, first = 2 });

        answer.Body.TryGetProperty("errors", out var errors).ShouldBeFalse(errors.ToString());
        ShouldBeWhole(answer, Ids);
    }

    [Fact]
    public async Task An_id_that_cannot_be_asked_for_fails_alone()
    {
        const string merchant = "merchant-too-long";
        // Postgres takes it, since it can be compressed.
        var tooLong = new string('y', 5_000);
        await StoreAsync(merchant, ["plain-1", tooLong, "plain-2"]);

        var answer = await fixture.Gateway.SendAsync(Page, new { merchant, first = 2 });

        answer.Status.ShouldBe(200);
        answer.Code.ShouldBe("BAD_USER_INPUT");
        answer.Body.GetProperty("errors").GetArrayLength().ShouldBe(2);
        ShouldBeWhole(answer, ["plain-1", "plain-2"]);
        Nodes(answer).Single(node => node.GetProperty("customerId").GetString() == tooLong).GetProperty("customer").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task One_is_found_by_its_id_with_its_merchants_and_without()
    {
        const string merchant = "merchant-odd-ones";
        var ids = Ids.Where(id => id.Length > 0).Select(id => id.Length > 100 ? id : $"{id}1{id}").Concat(["..", "/", "."]).ToArray();
        await StoreAsync(merchant, ids.Except(["..", "/", "."]));
        await StoreAsync(merchant, ["..", "/", "."]);

        foreach (var id in ids)
        {
            var data = await fixture.Gateway.AskAsync(
                "query ($id: ID!, $merchant: ID!) { customer(id: $id, merchantId: $merchant) { customerId orders(first: 60) { edges { node { orderId } } } } product(id: $id, merchantId: $merchant) { productId } }", new { id, merchant });
            data.GetProperty("customer").GetProperty("customerId").GetString().ShouldBe(id);
            data.GetProperty("customer").GetProperty("orders").GetProperty("edges").GetArrayLength().ShouldBe(1);
            data.GetProperty("product").GetProperty("productId").GetString().ShouldBe(id);
            if (!Ids.Contains(id))
            {
                (await fixture.Gateway.AskAsync("query ($id: ID!) { customer(id: $id) { customerId } }", new { id })).GetProperty("customer").GetProperty("customerId").GetString().ShouldBe(id);
            }
        }
    }

    [Fact]
    public async Task Of_a_list_of_ids_the_wrong_one_fails_alone()
    {
        const string merchant = "merchant-odd-list";
        await StoreAsync(merchant, ["a/b", "100%", "of-two"]);
        await StoreAsync("merchant-odd-other", ["of-two"]);
        var ids = new[] { $"{merchant}/a/b", "a%2Fb", "100%", "100%25", "nothing", "bad\0", "\ud83d" };

        var named = await fixture.Gateway.SendAsync("query ($ids: [ID!]!) { customers(ids: $ids, merchantId: \"merchant-odd-list\") { customerId } }", new { ids });
        var bare = await fixture.Gateway.SendAsync("""{ products(ids: ["merchant-odd-list/of-two", "of-two", "no/thing"]) { productId } }""");

        named.Body.GetProperty("data").ToString().ShouldBe("""{"customers":[{"customerId":"a/b"},{"customerId":"a/b"},{"customerId":"100%"},{"customerId":"100%"},null,null,null]}""");
        named.Body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path")[1].GetInt32()).ShouldBe([5]);
        bare.Body.GetProperty("data").ToString().ShouldBe("""{"products":[{"productId":"of-two"},null,null]}""");
        bare.Message.ShouldContain("several merchants use that id");
    }

    private static void ShouldBeWhole(GatewayAnswer answer, string[] ids)
    {
        var nodes = Nodes(answer).Where(node => ids.Contains(node.GetProperty("customerId").GetString()!)).ToList();
        nodes.Count.ShouldBe(ids.Length);
        foreach (var node in nodes)
        {
            var id = node.GetProperty("customerId").GetString();
            node.GetProperty("customer").GetProperty("customerId").GetString().ShouldBe(id);
            node.GetProperty("customer").GetProperty("orders").GetProperty("edges")[0].GetProperty("node").GetProperty("orderId").GetString().ShouldBe(node.GetProperty("orderId").GetString());
            node.GetProperty("items")[0].GetProperty("product").GetProperty("productId").GetString().ShouldBe(id);
        }
    }

    private static IEnumerable<JsonElement> Nodes(GatewayAnswer answer) =>
        answer.Body.GetProperty("data").GetProperty("orders").GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node"));

    // Past every rule: as a former version, or a hand, may have left them.
    private async Task StoreAsync(string merchant, IEnumerable<string> ids)
    {
        await using var database = NpgsqlDataSource.Create(fixture.Stores.Postgres);
        foreach (var id in ids)
        {
            await using var batch = database.CreateBatch();
            foreach (var sql in new[]
            {
                "INSERT INTO orders VALUES ($1, $2, $3, 'placed', 'INR', 10, now(), now(), 1)",
                "INSERT INTO order_items VALUES ($1, 1, $3, $2, 1, 10)",
                "INSERT INTO customers SELECT $2, $3, now(), now() WHERE $1 IS NOT NULL",
                "INSERT INTO products SELECT $2, $3, 'odd', 10, 'INR', now() WHERE $1 IS NOT NULL",
            })
            {
                batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = merchant }, new() { Value = id } } });
            }

            var orderId = batch.BatchCommands[0].Parameters[0].Value;
            batch.BatchCommands[1].Parameters[0].Value = orderId;
            await batch.ExecuteNonQueryAsync();
        }
    }
}
