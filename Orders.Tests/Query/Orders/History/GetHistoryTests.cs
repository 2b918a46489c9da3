using System.Text.Json;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetHistoryTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private readonly ReadStores _stores = fixture.Stores;
    private readonly HttpClient _client = fixture.Service.Client;

    [Fact]
    public async Task Every_version_says_what_it_changed_and_when()
    {
        var orders = await LiveAsync(deleted: false);

        var history = await _client.JsonAsync($"/v1/orders/{orders[0].OrderId}/history");

        history.GetProperty("merchant_id").GetString().ShouldBe("merchant-a");
        var versions = history.GetProperty("versions").EnumerateArray().ToList();
        versions.Select(version => version.GetProperty("change").GetString()).ShouldBe(["placed", "changed", "changed"]);
        versions.Select(version => version.GetProperty("changed_at").GetString()).ShouldBe(orders.Select(order => Timestamp.Text(order.UpdatedAt)));
        versions.Select(version => version.GetProperty("changes").GetRawText()).ShouldBe(
        [
            "[]",
            """[{"field":"status","from":"placed","to":"paid"}]""",
            """[{"field":"status","from":"paid","to":"shipped"},{"field":"amount","from":200.00,"to":150.00}]""",
        ]);
        versions.Select(version => version.GetProperty("order").GetRawText())
            .ShouldBe(orders.Select(order => System.Text.Encoding.UTF8.GetString(OrderJson.Render(order))));
        history.GetProperty("next_after_version").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_deleted_orders_history_ends_with_the_deletion_and_stays_readable_for_its_merchant_only()
    {
        var orders = await LiveAsync(deleted: true);

        (await _client.NotFoundAsync($"/v1/orders/{orders[0].OrderId}")).ShouldContain("no such order");
        var history = await fixture.Service.Limited.JsonAsync($"/v1/orders/{orders[0].OrderId}/history");

        var last = history.GetProperty("versions").EnumerateArray().Last();
        (last.GetProperty("version").GetInt64(), last.GetProperty("change").GetString(), last.GetProperty("changes").GetRawText()).ShouldBe((4, "deleted", "[]"));
        last.GetProperty("order").GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_merchants_history_is_answered_like_one_that_is_not_there(bool deleted)
    {
        var foreign = (await LiveAsync(deleted, "merchant-z"))[0];

        (await fixture.Service.Limited.NotFoundAsync($"/v1/orders/{foreign.OrderId}/history"))
            .ShouldBe(await fixture.Service.Limited.NotFoundAsync($"/v1/orders/{Sample.Order().OrderId}/history"));
        (await fixture.Service.Limited.NotFoundAsync($"/v1/orders/{foreign.OrderId}/history?after_version=99")).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Pages_put_together_are_the_history(int limit)
    {
        var orders = await LiveAsync(deleted: true);
        var path = $"/v1/orders/{orders[0].OrderId}/history";
        var whole = (await _client.JsonAsync(path)).GetProperty("versions").EnumerateArray().Select(version => version.GetRawText()).ToList();

        var (seen, after) = (new List<string>(), (long?)0);
        while (after is not null)
        {
            var page = await _client.JsonAsync($"{path}?limit={limit}&after_version={after}");
            page.GetProperty("versions").GetArrayLength().ShouldBeLessThanOrEqualTo(limit);
            seen.AddRange(page.GetProperty("versions").EnumerateArray().Select(version => version.GetRawText()));
            after = page.GetProperty("next_after_version").Deserialize<long?>();
        }

        seen.ShouldBe(whole);
        whole.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_a_version_changed_is_null_where_the_one_before_is_not_remembered()
    {
        var order = Sample.Order(version: 5);
        await _stores.RememberAsync(order, "changed");

        var history = await _client.JsonAsync($"/v1/orders/{order.OrderId}/history");

        history.GetProperty("versions")[0].GetProperty("changes").ValueKind.ShouldBe(JsonValueKind.Null);
        (await _client.JsonAsync($"/v1/orders/{order.OrderId}/history?after_version=5")).GetProperty("versions").GetArrayLength().ShouldBe(0);
    }

    private async Task<IReadOnlyList<Order>> LiveAsync(bool deleted, string merchantId = "merchant-a")
    {
        var placed = Sample.Order(merchantId);
        var paid = placed with { Status = OrderStatus.Paid, Version = 2, UpdatedAt = placed.UpdatedAt.AddMinutes(1) };
        var shipped = paid with { Status = OrderStatus.Shipped, Version = 3, UpdatedAt = paid.UpdatedAt.AddMinutes(1), Amount = 150.00m };
        await _stores.RememberAsync(placed, "placed");
        await _stores.RememberAsync(paid, "changed");
        await _stores.RememberAsync(shipped, "changed");
        await _stores.StoreAsync(shipped);
        if (deleted)
        {
            await _stores.RememberAsync(shipped, "deleted");
            await _stores.DeleteAsync(shipped);
        }

        return [placed, paid, shipped];
    }
}
