using System.Net;
using System.Text.Json.Nodes;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Delete;

public sealed class DeleteUnderFaultsTests(TestEngines engines) : FaultyStoreTests(engines)
{
    [Fact]
    public async Task A_deletion_costs_one_call_for_a_key_of_one_merchant_and_of_all()
    {
        var (one, other) = (await Api.PlaceAsync(), await Api.PlaceAsync());
        using var acme = Api.ClientOf(ApiService.Acme);
        Dynamo.Forget();

        using var all = await Api.Client.SendAsync(ApiService.Delete(one));
        using var own = await acme.SendAsync(ApiService.Delete(other));

        (all.StatusCode, own.StatusCode).ShouldBe((HttpStatusCode.NoContent, HttpStatusCode.NoContent));
        (Dynamo.Count("TransactWriteItems"), Dynamo.Count("GetItem")).ShouldBe((2, 0));
    }

    // DynamoDB takes 100 operands for one IN; the embedded engine does not mind.
    [Fact]
    public async Task A_key_of_more_merchants_than_a_condition_can_name_reads_the_order_first()
    {
        var id = await Api.PlaceAsync();
        using var agency = Api.ClientOf(ApiService.Agency);
        Dynamo.Forget();

        (await agency.SendAsync(ApiService.Delete(id))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (Dynamo.Count("GetItem"), Dynamo.Count("TransactWriteItems")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_deletion_that_knows_its_version_and_loses_a_race_is_412()
    {
        var id = await Api.PlaceAsync();
        var done = false;
        Dynamo.Before = async call =>
        {
            if (call.Operation == "TransactWriteItems" && !done)
            {
                done = true;
                OrderItem.TryRead(await Api.ItemAsync(id), out var order, out _).ShouldBeTrue();
                await Api.PutAsync(OrderItem.From(order! with { Status = OrderStatus.Paid, Version = 2 }));
            }

            return null;
        };

        using var answer = await Api.Client.SendAsync(ApiService.Delete(id, "\"1\""));

        answer.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await Api.ItemAsync(id))["version"].N.ShouldBe("2");
    }

    [Fact]
    public async Task Whose_order_it_is_is_a_condition_of_the_deletion_itself()
    {
        JsonNode? sent = null;
        Dynamo.Before = call =>
        {
            sent = call.Operation == "TransactWriteItems" ? call.Body : sent;
            return Task.FromResult<DynamoAnswer?>(null);
        };
        using var acme = Api.ClientOf(ApiService.Acme);

        (await acme.SendAsync(ApiService.Delete(await Api.PlaceAsync("merchant-104")))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        sent!["TransactItems"]![0]!["Delete"]!["ConditionExpression"]!.GetValue<string>().ShouldContain("merchant_id IN");
    }
}
