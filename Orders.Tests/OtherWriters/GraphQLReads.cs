using System.Net;
using System.Text.Json;
using Orders.Tests.GraphQL;
using Shouldly;

namespace Orders.Tests.OtherWriters;

/// <summary>
/// Reads the same by GraphQL and by REST: every number must be the same to the digit, as a number of JSON
/// where a float holds it, else as a string.
/// </summary>
internal sealed class GraphQLReads(GatewayHost gateway, HttpClient query)
{
    private const string Order = "orderId merchantId customerId status currency amount placedAt updatedAt version items { orderItemId productId productName quantity unitPrice }";
    private const string Amounts = "amounts { currency orders amount }";
    private const string OneOrder =
        $$"""
        query ($id: ID!) {
          order(id: $id) { {{Order}} }
          past: order(id: $id) { history(first: 100) { version change changedAt changes { field from to } order { {{Order}} } } }
        }
        """;

    private const string OnePage = $$"""query ($merchant: ID, $after: String) { orders(first: 40, after: $after, filter: { merchantId: $merchant }) { edges { node { {{Order}} } } pageInfo { endCursor } } }""";
    private const string OneDay = $$"""query ($merchant: ID, $from: DateTime, $to: DateTime) { totals(merchantId: $merchant, from: $from, to: $to) { hour orders {{Amounts}} } }""";
    private const string Owned =
        $$"""
        query ($merchant: ID, $customer: ID!, $product: ID!) {
          customer(id: $customer, merchantId: $merchant) { merchantId customerId firstOrderAt lastOrderAt orders: orderCount statuses { placed paid shipped completed cancelled } {{Amounts}} capped }
          product(id: $product, merchantId: $merchant) { merchantId productId productName unitPrice currency asOf }
        }
        """;

    private const string From = "2026-03-01T00:00:00Z";
    private const string To = "2026-03-02T00:00:00Z";

    // What a float holds of whole numbers.
    private const long LargestExact = (1L << 53) - 1;

    /// <summary>Reads an order and its history.</summary>
    public async Task CheckOrderAsync(Guid orderId)
    {
        var shown = await gateway.AskAsync(OneOrder, new { id = orderId });
        var order = await GetAsync($"/v1/orders/{orderId}");
        Compare(order, shown.GetProperty("order"), "order", $"{orderId}");
        if (order is not null)
        {
            Compare((await GetAsync($"/v1/orders/{orderId}/history?limit=100"))?.GetProperty("versions"), shown.GetProperty("past").GetProperty("history"), "history", $"{orderId}");
        }
    }

    /// <summary>Reads a merchant's orders, page by page.</summary>
    /// <returns>How many.</returns>
    public async Task<int> CheckPagesAsync(string merchant)
    {
        var (count, after, cursor) = (0, (string?)null, "");
        do
        {
            var shown = (await gateway.AskAsync(OnePage, new { merchant, after })).GetProperty("orders");
            var page = (await GetAsync($"/v1/orders?merchant_id={merchant}&limit=40{cursor}"))!.Value;
            var orders = page.GetProperty("orders").EnumerateArray().ToList();
            shown.GetProperty("edges").GetArrayLength().ShouldBe(orders.Count);
            foreach (var (one, edge) in orders.Zip(shown.GetProperty("edges").EnumerateArray()))
            {
                Compare(one, edge.GetProperty("node"), "node", $"{merchant} {one.GetProperty("order_id")}");
            }

            count += orders.Count;
            after = shown.GetProperty("pageInfo").GetProperty("endCursor").GetString();
            after.ShouldBe(page.GetProperty("next_cursor").GetString());
            cursor = $"&cursor={Uri.EscapeDataString(after ?? "")}";
        }
        while (after is not null);

        return count;
    }

    /// <summary>Reads what is summed up for a merchant: its hours, a customer and a product.</summary>
    public async Task CheckSumsAsync(string merchant, string customer, string product)
    {
        var day = await gateway.AskAsync(OneDay, new { merchant, from = From, to = To });
        Compare((await GetAsync($"/v1/totals/hourly?merchant_id={merchant}&from={From}&to={To}"))?.GetProperty("hours"), day.GetProperty("totals"), "totals", merchant);

        var owned = await gateway.AskAsync(Owned, new { merchant, customer, product });
        Compare(await GetAsync($"/v1/customers/{customer}?merchant_id={merchant}"), owned.GetProperty("customer"), "customer", merchant);
        Compare(await GetAsync($"/v1/products/{product}?merchant_id={merchant}"), owned.GetProperty("product"), "product", merchant);
    }

    private async Task<JsonElement?> GetAsync(string path)
    {
        using var answer = await query.GetAsync(path);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static void Compare(JsonElement? stored, JsonElement shown, string name, string where)
    {
        switch (stored)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                shown.ValueKind.ShouldBe(JsonValueKind.Null, where);
                break;
            case { ValueKind: JsonValueKind.Object } members:
                foreach (var member in shown.EnumerateObject())
                {
                    var own = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
                    // A change says itself whose values it shows.
                    Compare(members.GetProperty(own), member.Value, own is "from" or "to" ? members.GetProperty("field").GetString()! : own, $"{where} {name}.{member.Name}");
                }

                break;
            case { ValueKind: JsonValueKind.Array } list:
                shown.GetArrayLength().ShouldBe(list.GetArrayLength(), where);
                foreach (var (one, other) in list.EnumerateArray().Zip(shown.EnumerateArray()))
                {
                    Compare(one, other, name, where);
                }

                break;
            case { ValueKind: JsonValueKind.Number } number:
                var digits = number.GetRawText();
                var isNumber = name is not ("amount" or "unit_price") && number.TryGetInt64(out var whole) && Math.Abs(whole) <= LargestExact;
                shown.GetRawText().ShouldBe(isNumber ? digits : $"\"{digits}\"", where);
                break;
            case { ValueKind: JsonValueKind.String } text:
                shown.GetString().ShouldBe(text.GetString(), where, name is "status" or "change" ? StringCompareShould.IgnoreCase : default);
                break;
            case { } other:
                shown.ValueKind.ShouldBe(other.ValueKind, where);
                break;
        }
    }
}
