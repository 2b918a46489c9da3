using System.Text;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class OrdersByIdsTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    [Fact]
    public async Task Many_orders_come_whole_and_in_the_order_asked_each_once_and_without_the_missing()
    {
        var orders = new[] { fixture.Orders[7], fixture.Orders[100], fixture.Orders[3] };
        var asked = new[] { orders[0].OrderId, Guid.CreateVersion7(), orders[1].OrderId, orders[0].OrderId, orders[2].OrderId };

        var answer = await fixture.Service.Client.JsonAsync($"/v1/orders?ids={string.Join(',', asked)}");

        answer.GetProperty("orders").EnumerateArray().Select(order => order.GetRawText())
            .ShouldBe(orders.Select(order => Encoding.UTF8.GetString(OrderJson.Render(order))));
        answer.GetProperty("next_cursor").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Another_merchants_orders_are_absent()
    {
        var orders = fixture.Orders.Take(30).ToList();

        var answer = await fixture.Service.Limited.JsonAsync($"/v1/orders?ids={string.Join(',', orders.Select(order => order.OrderId))}");

        answer.GetProperty("orders").Texts("order_id")
            .ShouldBe(orders.Where(order => order.MerchantId != "merchant-z").Select(order => order.OrderId.ToString()));
    }

    [Fact]
    public async Task A_hundred_may_be_asked_for_and_one_more_may_not()
    {
        var ids = fixture.Orders.Take(100).Select(order => order.OrderId).ToList();

        (await fixture.Service.Client.JsonAsync($"/v1/orders?ids={string.Join(',', ids)}")).GetProperty("orders").GetArrayLength().ShouldBe(100);
        (await fixture.Service.Client.ErrorsAsync($"/v1/orders?ids={string.Join(',', ids.Append(Guid.CreateVersion7()))}"))["ids"].ShouldContain("more than 100");
    }

    [Fact]
    public async Task Filters_do_not_go_together_with_ids_and_nothing_but_wrong_ids_is_told()
    {
        var errors = await fixture.Service.Client.ErrorsAsync($"/v1/orders?ids=x,y&status=paid");

        errors["status"].ShouldContain("ids");
        errors["ids"].ShouldContain("place 1");
    }
}
