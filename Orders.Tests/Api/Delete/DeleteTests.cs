using System.Globalization;
using System.Net;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Delete;

public sealed class DeleteTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiService _api = fixture.Service;

    [Fact]
    public async Task A_deleted_order_is_gone_and_deleting_it_again_is_404()
    {
        var id = await _api.PlaceAsync();

        using var first = await _api.Client.SendAsync(ApiService.Delete(id));
        using var second = await _api.Client.SendAsync(ApiService.Delete(id));

        first.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await first.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        second.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _api.ItemAsync(id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OrderStatus.Shipped)]
    [InlineData(OrderStatus.Completed)]
    [InlineData(OrderStatus.Cancelled)]
    public async Task An_order_is_deleted_at_any_status(OrderStatus status)
    {
        var order = SampleOrders.Placed() with { Status = status, Version = 4 };
        await _api.PutAsync(OrderItem.From(order));

        (await _api.Client.SendAsync(ApiService.Delete(order.OrderId))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _api.ItemAsync(order.OrderId)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"1\"", HttpStatusCode.NoContent)]
    [InlineData("*", HttpStatusCode.NoContent)]
    [InlineData("\"5\", \"1\"", HttpStatusCode.NoContent)]
    [InlineData("\"2\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("1", HttpStatusCode.BadRequest)]
    public async Task An_If_Match_decides_over_the_deletion(string ifMatch, HttpStatusCode status)
    {
        var id = await _api.PlaceAsync();

        using var answer = await _api.Client.SendAsync(ApiService.Delete(id, ifMatch));

        answer.StatusCode.ShouldBe(status);
        (await _api.ItemAsync(id)).Count.ShouldBe(status == HttpStatusCode.NoContent ? 0 : 12);
    }

    [Theory]
    [InlineData(ApiService.Acme, "merchant-104", null)]
    [InlineData(ApiService.Acme, "merchant-104", "\"1\"")]
    [InlineData(ApiService.Acme, "merchant-104", "\"9\"")]
    [InlineData(ApiService.Agency, "merchant-999", null)]
    public async Task Another_merchants_order_is_answered_as_if_it_were_not_there(string key, string merchant, string? ifMatch)
    {
        var id = await _api.PlaceAsync(merchant);
        using var client = _api.ClientOf(key);

        using var other = await client.SendAsync(ApiService.Delete(id, ifMatch));
        using var missing = await client.SendAsync(ApiService.Delete(Guid.CreateVersion7(), ifMatch));
        using var noId = await client.DeleteAsync("/v1/orders/17");

        foreach (var answer in (HttpResponseMessage[])[other, missing, noId])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString().ShouldBe("There is no such order.");
        }

        (await _api.ItemAsync(id)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(ApiService.Acme, null)]
    [InlineData(ApiService.Acme, "\"1\"")]
    [InlineData(ApiService.Agency, null)]
    public async Task A_key_deletes_its_own_merchants_orders_however_many_merchants_it_has(string key, string? ifMatch)
    {
        var id = await _api.PlaceAsync("merchant-102");
        using var client = _api.ClientOf(key);

        (await client.SendAsync(ApiService.Delete(id, ifMatch))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _api.ItemAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_twenty_deletions_at_once_one_is_answered_204()
    {
        var id = await _api.PlaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _api.Client.SendAsync(ApiService.Delete(id))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound).ShouldBe(19);
    }

    [Fact]
    public async Task An_empty_If_Match_is_400_and_deletes_nothing()
    {
        var id = await _api.PlaceAsync();

        using var answer = await _api.Client.SendAsync(ApiService.Delete(id, ""));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe(["If-Match"]);
        (await _api.ItemAsync(id)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("%20{0}")]
    [InlineData("{0}%20")]
    [InlineData("%7B{0}%7D")]
    public async Task What_is_no_id_is_404_also_where_it_holds_one(string path)
    {
        var id = Guid.CreateVersion7();
        await _api.PutAsync(OrderItem.From(SampleOrders.Placed() with { OrderId = id }));

        using var answer = await _api.Client.DeleteAsync($"/v1/orders/{string.Format(CultureInfo.InvariantCulture, path, id)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _api.ItemAsync(id)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_is_no_order_is_not_deleted()
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item["entity"].S = "something else";
        await _api.PutAsync(item);
        var id = Guid.Parse(item["order_id"].S);

        (await _api.Client.SendAsync(ApiService.Delete(id))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _api.ItemAsync(id)).ShouldNotBeEmpty();
    }
}
