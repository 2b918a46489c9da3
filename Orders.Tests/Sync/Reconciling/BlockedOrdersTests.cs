using System.Text.Json;
using DynamoStreams.Applying;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Domain.Item;
using Orders.Sync.Reconciling;
using Orders.Sync.Repair;
using Orders.Tests.Sync.DeadLetters;
using Orders.Tests.Sync.Operations;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Reconciling;

/// <summary>
/// What a reconciliation says of orders that differ by design, and of items that no order has.
/// </summary>
public sealed class BlockedOrdersTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build();
        await _parts.RedisAsync();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task A_difference_says_which_dead_letter_the_orders_deletion_waits_behind()
    {
        var (blocked, free) = (SampleOrders.Placed(), SampleOrders.Placed());
        var lease = await fixture.LeaseAsync();
        var applier = new BisectingApplier(_parts.Get<IBatchHandler>(), new PollingOptions(), new ConsumerProgress(), TimeProvider.System, NullLogger.Instance);
        await applier.ApplyAsync(new ShardBatch(lease, [StreamRecords.Insert(blocked), StreamRecords.Insert(free)], EndsShard: false), CancellationToken.None);

        // A change that no reader can read, then the deletion, which waits behind it; of the other one the
        // table has lost the item.
        await applier.ApplyAsync(new ShardBatch(lease, [DeadLetterBench.Broken(blocked), StreamRecords.Remove(blocked)], EndsShard: false), CancellationToken.None);
        var letter = await fixture.ScalarAsync<long>("SELECT min(dead_letter_id) FROM sync.dead_letters");

        var report = await _parts.Get<Reconciler>().RunAsync(
            new ReconcileOptions { ItemsPerSecond = null, Patience = TimeSpan.FromMilliseconds(50) }, progress: null, CancellationToken.None);

        report.Differences.Count(difference => difference.Key == $"{blocked.OrderId}").ShouldBeGreaterThan(0);
        foreach (var difference in report.Differences)
        {
            difference.WaitsBehind.ShouldBe(difference.Key == $"{blocked.OrderId}" ? letter : null, difference.ToString());
        }

        var text = await CommandLineRun.Async(fixture.Stores.Settings, "", "reconcile");
        text.Out.ShouldContain($"postgres  {blocked.OrderId}  order: nothing expected, version 1 found; waits behind dead letter {letter}{Environment.NewLine}");
        text.Out.ShouldContain($"postgres  {free.OrderId}  order: nothing expected, version 1 found{Environment.NewLine}");
        var json = JsonDocument.Parse((await CommandLineRun.Async(fixture.Stores.Settings, "", "reconcile", "--json")).Out).RootElement;
        json.GetProperty("differences").EnumerateArray().First(difference => difference.GetProperty("key").GetString() == $"{blocked.OrderId}").GetProperty("waits_behind").GetInt64().ShouldBe(letter);
    }

    [Fact]
    public async Task Lines_of_no_order_say_so_too()
    {
        var blocked = SampleOrders.Placed(lines: 1);
        var lease = await fixture.LeaseAsync();
        var applier = new BisectingApplier(_parts.Get<IBatchHandler>(), new PollingOptions(), new ConsumerProgress(), TimeProvider.System, NullLogger.Instance);
        await applier.ApplyAsync(new ShardBatch(lease, [StreamRecords.Insert(blocked), DeadLetterBench.Broken(blocked)], EndsShard: false), CancellationToken.None);
        await fixture.ExecuteAsync("DELETE FROM orders");
        await fixture.ExecuteAsync("TRUNCATE hourly_totals");

        var report = await _parts.Get<Reconciler>().RunAsync(
            new ReconcileOptions { ItemsPerSecond = null, Patience = TimeSpan.FromMilliseconds(50) }, progress: null, CancellationToken.None);

        report.Differences.Where(difference => difference.Field == "items").ShouldHaveSingleItem().WaitsBehind.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("ORDER#{0}", "NOTE")]
    [InlineData("NOTE#{0}", "ORDER")]
    [InlineData("ORDER#{1}", "ORDER")]
    [InlineData("ORDER#{2}", "ORDER")]
    public async Task A_broken_item_under_another_key_hides_no_row_that_the_table_does_not_have(string key, string sortKey)
    {
        var lost = SampleOrders.Placed();
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(lost));
        var item = OrderItem.From(lost);
        item[OrderAttributes.Pk] = new() { S = string.Format(key, lost.OrderId, $"{lost.OrderId}".ToUpperInvariant(), $"{lost.OrderId:N}") };
        item[OrderAttributes.Sk] = new() { S = sortKey };
        await fixture.PutAsync(item);
        if (fixture.Stores.Redis is not null)
        {
            await fixture.Redis.KeyDeleteAsync(fixture.Keys.Order(lost.OrderId));
        }

        var report = await _parts.Get<Reconciler>().RunAsync(
            new ReconcileOptions { ItemsPerSecond = null, Patience = TimeSpan.FromMilliseconds(50) }, progress: null, CancellationToken.None);

        report.BrokenItems.ShouldBe(1);
        report.Differences.ShouldBe([new Difference("postgres", $"{lost.OrderId}", "order", null, "version 1")]);
    }
}
