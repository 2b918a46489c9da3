using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Orders.Domain;
using Orders.Sync;
using Orders.Sync.Reconciling;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Snapshots;

/// <summary>The whole service on a real stream, of which a part never arrives.</summary>
public sealed class LostStreamTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await fixture.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_lost_part_of_the_stream_is_healed_to_the_last_digit_without_anybody_asking()
    {
        var orders = Enumerable.Range(1, 90).Select(i => SampleOrders.Placed(i, lines: 1, at: SampleOrders.Noon.AddMinutes(i))).ToList();
        await fixture.PutAsync(orders.Take(60));
        await using (var first = await StartAsync())
        {
            await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM orders") == 60);
            await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.snapshots WHERE completed_at IS NOT NULL") == 1);
            await first.StopAsync();
        }

        // Placed, changed and deleted while nobody reads; then the stream is said to be read to behind all
        // of it.
        await fixture.PutAsync(orders.Skip(60));
        await fixture.PutAsync(orders.Take(20).Select(order => order.Next(OrderStatus.Paid)));
        foreach (var order in orders.Skip(20).Take(20))
        {
            await fixture.DeleteAsync(order);
        }

        await fixture.ExecuteAsync("UPDATE sync.shards SET checkpoint = (SELECT (checkpoint::bigint + 70)::text)");
        await fixture.AddGapAsync();
        await using (var second = await StartAsync())
        {
            await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.gaps WHERE healed_at IS NULL") == 0);
            await second.StopAsync();
        }

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(70);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE version = 2")).ShouldBe(20);
        await using var parts = fixture.Build();
        var report = await parts.Get<Reconciler>().RunAsync(new ReconcileOptions { Patience = TimeSpan.FromMilliseconds(50) }, progress: null, CancellationToken.None);
        report.Differences.ShouldBeEmpty();
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM hourly_totals")).ShouldBe(orders.Take(20).Concat(orders.Skip(40)).Sum(order => order.Amount));
    }

    [Fact]
    public async Task A_table_that_is_older_than_its_stream_fills_an_empty_read_model_at_the_first_start()
    {
        await fixture.Dynamo.UpdateTableAsync(new UpdateTableRequest { TableName = fixture.Stores.Table, StreamSpecification = new() { StreamEnabled = false } });
        await fixture.PutAsync(Enumerable.Range(1, 30).Select(i => SampleOrders.Placed(i)));
        await fixture.Dynamo.UpdateTableAsync(new UpdateTableRequest
        {
            TableName = fixture.Stores.Table,
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        });
        await using var service = await StartAsync();

        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM orders") == 30);

        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.snapshots WHERE completed_at IS NOT NULL AND beside_stream") == 1);
        (await fixture.ScalarAsync<long>("SELECT coalesce(sum(records), 0)::bigint FROM sync.shards")).ShouldBe(0, "the stream has none of them");
        await service.StopAsync();
    }

    private async Task<WebApplication> StartAsync()
    {
        var settings = fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        return app;
    }
}
