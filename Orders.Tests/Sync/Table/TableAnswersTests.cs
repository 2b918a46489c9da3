using Orders.Domain;
using Orders.Sync.Repair;
using Orders.Tests.Api.Store;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Table;

/// <summary>An answer of the table that lacks its members says nothing of what the table has.</summary>
public sealed class TableAnswersTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private FaultyDynamo _dynamo = null!;
    private TableFixture.SyncParts _parts = null!;
    private int _lies;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _dynamo = await FaultyDynamo.StartAsync(fixture.Stores.DynamoDb);
        _parts = fixture.BuildOn(_dynamo.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        await _dynamo.DisposeAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Count":0,"ScannedCount":0}""")]
    [InlineData("""{"Items":null}""")]
    public async Task A_page_without_items_is_not_an_empty_page(string lie)
    {
        await fixture.PutAsync([.. Enumerable.Range(0, 40).Select(_ => SampleOrders.Placed())]);
        await fixture.AddGapAsync();
        Lie("Scan", lie, times: 1);

        await _parts.RunAsync();

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(40);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL")).ShouldBe(0);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Responses":{}}""")]
    [InlineData("""{"Responses":{"another":[]}}""")]
    public async Task An_order_is_not_gone_by_a_list_that_is_missing(string lie)
    {
        var order = SampleOrders.Placed();
        var paid = order.Next(OrderStatus.Paid);
        var (late, lease) = (StreamRecords.Insert(order), await fixture.LeaseAsync());
        await fixture.PutAsync([paid]);
        await _parts.ApplyAsync(lease, StreamRecords.Modify(order, paid));
        await _parts.ApplyAsync(lease, late);
        Lie("BatchGetItem", lie, times: 4);

        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return await _parts.Get<DoubtfulOrdersService>().SettleAsync(CancellationToken.None) == 1;
            }
            catch (Exception)
            {
                return false;
            }
        });

        (await fixture.ScalarAsync<string?>("SELECT status || version FROM orders WHERE order_id = @OrderId", order)).ShouldBe("paid2");
    }

    private void Lie(string operation, string answer, int times) =>
        _dynamo.Before = call => Task.FromResult(call.Operation == operation && Interlocked.Increment(ref _lies) <= times ? DynamoAnswer.Ok(answer) : null);
}
