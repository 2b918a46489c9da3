using System.Net;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.ChangeStatus;

public sealed class ChangeStatusUnderFaultsTests(TestEngines engines) : FaultyStoreTests(engines)
{
    [Theory]
    [InlineData(null)]
    [InlineData("\"1\"")]
    public async Task A_change_whose_first_try_got_through_unnoticed_is_made_once(string? ifMatch)
    {
        var id = await Api.PlaceAsync();
        var lost = false;
        Dynamo.After = (call, answer) => call.Operation == "UpdateItem" && !lost && (lost = true) ? DynamoAnswer.InternalError : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", ifMatch));

        (lost, Dynamo.Count("UpdateItem")).ShouldBe((true, 2));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var stored = await StoredAsync(id);
        (stored.Status, stored.Version).ShouldBe((OrderStatus.Paid, 2L));
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_its_own_also_when_a_later_try_was_certainly_not_carried_out()
    {
        var id = await Api.PlaceAsync();
        var tries = 0;
        Dynamo.Before = call => Task.FromResult(call.Operation == "UpdateItem" && ++tries == 2 ? DynamoAnswer.Throttled : null);
        Dynamo.After = (call, answer) => call.Operation == "UpdateItem" && tries == 1 ? DynamoAnswer.Cut : answer;

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid", "\"1\""));

        tries.ShouldBe(3);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, "not a 412: it was this request that raised the version");
        (await StoredAsync(id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_that_loses_a_race_looks_again_and_decides_anew()
    {
        var id = await Api.PlaceAsync();
        OvertakeOnce(order => order with { Status = OrderStatus.Paid, Version = 2 });

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "cancelled"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var stored = await StoredAsync(id);
        (stored.Status, stored.Version).ShouldBe((OrderStatus.Cancelled, 3L));
    }

    [Fact]
    public async Task A_change_that_loses_a_race_to_a_step_that_forbids_it_is_409()
    {
        var id = await Api.PlaceAsync();
        OvertakeOnce(order => order with { Status = OrderStatus.Shipped, Version = 3 });

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "cancelled"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await StoredAsync(id)).Status.ShouldBe(OrderStatus.Shipped);
    }

    [Fact]
    public async Task A_change_that_loses_a_race_and_knows_its_version_is_412()
    {
        var id = await Api.PlaceAsync();
        OvertakeOnce(order => order with { Status = OrderStatus.Paid, Version = 2 });

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "cancelled", "\"1\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await StoredAsync(id)).Status.ShouldBe(OrderStatus.Paid);
    }

    // An order never changes hands; but if one did, between the read and the write, the write itself would
    // notice.
    [Fact]
    public async Task Whose_order_it_is_is_a_condition_of_the_write_itself()
    {
        var id = await Api.PlaceAsync("merchant-102");
        OvertakeOnce(order => order with { MerchantId = "merchant-104" });
        using var acme = Api.ClientOf(ApiService.Acme);

        using var answer = await acme.SendAsync(ApiService.Patch(id, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await StoredAsync(id)).Status.ShouldBe(OrderStatus.Placed);
    }

    [Fact]
    public async Task An_order_that_is_deleted_under_the_change_is_404_and_does_not_come_back()
    {
        var id = await Api.PlaceAsync();
        var hit = false;
        Dynamo.Before = async call =>
        {
            if (call.Operation == "UpdateItem" && !hit)
            {
                hit = true;
                await Api.Table.DeleteItemAsync(Api.Stores.Table, OrderItem.Key(id));
            }

            return null;
        };

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Api.ItemAsync(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_loses_every_race_gives_up_with_503()
    {
        var id = await Api.PlaceAsync();
        Dynamo.Before = async call =>
        {
            if (call.Operation == "UpdateItem")
            {
                var order = await StoredAsync(id);
                await Api.PutAsync(OrderItem.From(order with { Version = order.Version + 1 }));
            }

            return null;
        };

        using var answer = await Api.Client.SendAsync(ApiService.Patch(id, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Dynamo.Count("UpdateItem").ShouldBe(5);
        (await StoredAsync(id)).Status.ShouldBe(OrderStatus.Placed);
    }

    /// <summary>Lets another change the order just before the first write reaches it.</summary>
    private void OvertakeOnce(Func<Order, Order> change)
    {
        var done = false;
        Dynamo.Before = async call =>
        {
            if (call.Operation == "UpdateItem" && !done)
            {
                done = true;
                var id = Guid.Parse(call.Body["Key"]!["pk"]!["S"]!.GetValue<string>()["ORDER#".Length..]);
                await Api.PutAsync(OrderItem.From(change(await StoredAsync(id))));
            }

            return null;
        };
    }

    private async Task<Order> StoredAsync(Guid id)
    {
        OrderItem.TryRead(await Api.ItemAsync(id), out var order, out _).ShouldBeTrue();
        return order!;
    }
}
