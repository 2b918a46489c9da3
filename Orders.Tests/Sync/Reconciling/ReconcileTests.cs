using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Commands;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;
using Orders.Sync.Projection;
using Orders.Sync.Reconciling;
using Orders.Sync.Repair;
using Orders.Sync.Table;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Reconciling;

public sealed class ReconcileTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private readonly List<Order> _orders = [.. Enumerable.Range(1, 40).Select(i => SampleOrders.Placed(i, lines: 2, customer: "c", at: SampleOrders.Noon.AddMinutes(i)))];
    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build();
        await _parts.RedisAsync();
        await fixture.PutAsync(_orders);
        await _parts.ApplyAsync(await fixture.LeaseAsync(), [.. _orders.Select(StreamRecords.Insert)]);
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task Stores_that_agree_are_said_to_and_how_many_were_compared()
    {
        var report = await ReconcileAsync();

        report.Differences.ShouldBeEmpty();
        report.IsClean.ShouldBeTrue();
        (report.Phase, report.Items, report.TableOrders, report.PostgresOrders, report.PostgresLines, report.Totals).ShouldBe(("completed", 40, 40, 40, 80, 1));
        _ = fixture.Redis;
        report.RedisEntries.ShouldBe(40);
    }

    [Theory]
    [InlineData("UPDATE orders SET amount = 1 WHERE order_id = @OrderId", "amount", "7.00", "1")]
    [InlineData("UPDATE orders SET amount = 1e40 WHERE order_id = @OrderId", "amount", "7.00", "10000000000000000000000000000000000000000")]
    [InlineData("UPDATE orders SET status = 'lost' WHERE order_id = @OrderId", "status", "placed", "lost")]
    [InlineData("UPDATE orders SET customer_id = NULL WHERE order_id = @OrderId", "customer_id", "c", null)]
    [InlineData("UPDATE orders SET version = 99 WHERE order_id = @OrderId", "version", "1", "99")]
    [InlineData("UPDATE orders SET version = 0 WHERE order_id = @OrderId", "version", "1", "0")]
    [InlineData("UPDATE orders SET merchant_id = 'm' WHERE order_id = @OrderId", "merchant_id", "merchant-102", "m")]
    [InlineData("UPDATE orders SET currency = 'EUR' WHERE order_id = @OrderId", "currency", "INR", "EUR")]
    [InlineData("UPDATE orders SET placed_at = placed_at + interval '1 second' WHERE order_id = @OrderId", "placed_at", "2026-03-01T12:07:00.000Z", "2026-03-01T12:07:01.000000Z")]
    [InlineData("UPDATE orders SET updated_at = updated_at + interval '1 microsecond' WHERE order_id = @OrderId", "updated_at", "2026-03-01T12:07:00.000Z", "2026-03-01T12:07:00.000001Z")]
    [InlineData("UPDATE order_items SET product_id = 'p' WHERE order_id = @OrderId AND order_item_id = 2", "items[2].product_id", "product-2", "p")]
    [InlineData("UPDATE order_items SET product_name = 'P' WHERE order_id = @OrderId AND order_item_id = 2", "items[2].product_name", "Product 2", "P")]
    [InlineData("UPDATE order_items SET quantity = 7 WHERE order_id = @OrderId AND order_item_id = 2", "items[2].quantity", "2", "7")]
    [InlineData("DELETE FROM orders WHERE order_id = @OrderId", "order", "version 1", null)]
    [InlineData("UPDATE order_items SET unit_price = 5 WHERE order_id = @OrderId AND order_item_id = 2", "items[2].unit_price", "2.00", "5")]
    [InlineData("DELETE FROM order_items WHERE order_id = @OrderId AND order_item_id = 1", "items[1]", "product-1", null)]
    [InlineData("INSERT INTO order_items VALUES (@OrderId, 3, 'p', 'P', 1, 1)", "items[3]", null, "p")]
    public async Task A_change_made_by_hand_is_found_as_exactly_that_and_mended(string change, string field, string? expected, string? found)
    {
        var order = _orders[6];
        await fixture.ExecuteAsync(change, order);

        (await ReconcileAsync()).Differences.ShouldBe([new Difference("postgres", order.OrderId.ToString(), field, expected, found)]);

        var mended = await ReconcileAsync(repairs: true);
        (mended.Found, mended.Remaining).ShouldBe((1, 0));
        (await ReconcileAsync()).Differences.ShouldBeEmpty();
        (await fixture.WrongTotalsAsync()).ShouldBe(0);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId", order)).ShouldBe(1);
    }

    [Fact]
    public async Task A_row_that_the_table_does_not_have_is_found_and_removed()
    {
        var extra = SampleOrders.Placed(amount: 3m, lines: 1);
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(extra));
        await fixture.Redis.KeyDeleteAsync(fixture.Keys.Order(extra.OrderId));

        (await ReconcileAsync()).Differences.ShouldBe([new Difference("postgres", extra.OrderId.ToString(), "order", null, "version 1")]);

        (await ReconcileAsync(repairs: true)).IsClean.ShouldBeTrue();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(40);
        (await fixture.ScalarAsync<long>("SELECT version FROM sync.tombstones WHERE order_id = @OrderId", extra)).ShouldBe(2);
        (await fixture.WrongTotalsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_that_a_wrong_tombstone_keeps_out_is_found_and_brought_back()
    {
        var order = _orders[0];
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Remove(order));

        var report = await ReconcileAsync();

        report.Differences.Select(difference => (difference.Store, difference.Field)).ShouldBe([("postgres", "order"), ("redis", "order")], ignoreOrder: true);
        (await ReconcileAsync(repairs: true)).IsClean.ShouldBeTrue();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.tombstones")).ShouldBe(0);
        (await fixture.CachedAsync(order.OrderId))["v"].ShouldBe("1");
    }

    [Fact]
    public async Task An_order_that_postgres_refuses_remains_and_the_others_are_mended()
    {
        await using var refusal = await Refusal.OfAsync(sql => fixture.ExecuteAsync(sql), "refused");
        await fixture.PutAsync(_orders[6] with { CustomerId = "refused" });
        await fixture.ExecuteAsync("UPDATE orders SET amount = amount + 1");

        var report = await ReconcileAsync(repairs: true);

        report.Phase.ShouldBe("completed");
        report.Remaining.ShouldBeGreaterThan(0);
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM orders")).ShouldBe(_orders.Sum(order => order.Amount) + 1);
        (await ReconcileAsync()).Differences.Select(difference => difference.Key).Distinct().ShouldBe([_orders[6].OrderId.ToString()]);
    }

    [Fact]
    public async Task An_order_whose_item_breaks_before_it_is_looked_at_again_is_counted_as_broken()
    {
        await fixture.ExecuteAsync("UPDATE orders SET amount = 1 WHERE order_id = @OrderId", _orders[6]);
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var item = OrderItem.From(_orders[6]);
        item.Remove(OrderAttributes.Currency);

        var report = await ReconcileAsync(new AtFirst(() => fixture.PutAsync(item)), bound.Token);

        (report.Phase, report.BrokenItems, report.Found).ShouldBe(("completed", 1, 0));
    }

    [Fact]
    public async Task The_stream_goes_on_while_the_table_keeps_a_repair_waiting()
    {
        var (order, other) = (_orders[6], SampleOrders.Placed());
        await fixture.ExecuteAsync("UPDATE orders SET amount = 1 WHERE order_id = @OrderId", order);
        using var throttled = new ThrottledTable(fixture.Stores.DynamoDb);
        var table = new TableReader(throttled, _parts.Get<DynamoDbSettings>(), TimeProvider.System);
        var repair = new OrderRepair(fixture.Database, table, _parts.Get<ProjectionWriter>(), TimeProvider.System, NullLogger<OrderRepair>.Instance);

        var repairing = repair.RepairAsync([order.OrderId], lease: null, CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(throttled.IsAsked));
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(other));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", other)).ShouldBe(1);
        throttled.Serves = true;
        (await repairing).ShouldBeEmpty();
        (await fixture.ScalarAsync<decimal>("SELECT amount FROM orders WHERE order_id = @OrderId", order)).ShouldBe(order.Amount);
    }

    [Theory]
    [InlineData("b", "{}", "body")]
    [InlineData("v", "7", "version")]
    [InlineData("m", "another", "merchant_id")]
    public async Task A_stale_entry_in_redis_is_found_and_replaced(string hashField, string value, string field)
    {
        var order = _orders[3];
        await fixture.Redis.HashSetAsync(fixture.Keys.Order(order.OrderId), hashField, value);

        var difference = (await ReconcileAsync()).Differences.ShouldHaveSingleItem();
        (difference.Store, difference.Key, difference.Field, difference.Found).ShouldBe(("redis", order.OrderId.ToString(), field, value));

        (await ReconcileAsync(repairs: true)).IsClean.ShouldBeTrue();
        (await fixture.CachedAsync(order.OrderId))["b"].ShouldBe(System.Text.Encoding.UTF8.GetString(OrderJson.Render(order)));
        (await fixture.Redis.KeyTimeToLiveAsync(fixture.Keys.Order(order.OrderId))).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_entry_that_is_not_in_redis_is_no_difference_and_one_of_an_order_that_is_nowhere_is()
    {
        var nowhere = Guid.CreateVersion7();
        await fixture.Redis.KeyDeleteAsync(fixture.Keys.Order(_orders[0].OrderId));
        await fixture.Redis.HashSetAsync(fixture.Keys.Order(nowhere), [new("v", 1), new("m", "m"), new("b", "{}")]);

        var report = await ReconcileAsync();

        report.Differences.ShouldBe([new Difference("redis", nowhere.ToString(), "order", null, "version 1")]);
        report.RedisEntries.ShouldBe(40);
        (await ReconcileAsync(repairs: true)).IsClean.ShouldBeTrue();
        (await fixture.Redis.KeyExistsAsync(fixture.Keys.Order(nowhere))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("amount", "820.00", "821.00")]
    [InlineData("orders", "40", "41")]
    public async Task A_wrong_total_is_found_and_computed_again(string column, string expected, string found)
    {
        await fixture.ExecuteAsync($"UPDATE hourly_totals SET {column} = {column} + 1");

        var difference = (await ReconcileAsync()).Differences.ShouldHaveSingleItem();
        (difference.Store, difference.Key, difference.Field, difference.Expected, difference.Found).ShouldBe(("totals", "merchant-102 2026-03-01T12:00:00.000Z INR", column, expected, found));

        (await ReconcileAsync(repairs: true)).IsClean.ShouldBeTrue();
        (await fixture.WrongTotalsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Live_traffic_makes_no_difference()
    {
        var lease = await fixture.LeaseAsync();
        using var stop = new CancellationTokenSource();

        // The stream's part comes late each time: at any look, some order is ahead in the table, and for a
        // while one of them at every look.
        var (hot, started) = (SampleOrders.Placed(at: Now), Now);
        await fixture.PutAsync(hot);
        var traffic = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var (before, after, behind) = (_orders[i % 40], _orders[i % 40] with { Version = _orders[i % 40].Version + 1, UpdatedAt = Now }, hot);
                var placed = SampleOrders.Placed(at: Now);
                hot = Now - started < TimeSpan.FromSeconds(3) ? hot with { Version = hot.Version + 1, UpdatedAt = Now } : hot;
                await fixture.PutAsync(after, placed, hot);
                await Task.Delay(30);
                await _parts.ApplyAsync(lease, StreamRecords.Insert(behind), StreamRecords.Modify(before, after), StreamRecords.Insert(placed));
                await fixture.DeleteAsync(placed);
                await Task.Delay(30);
                await _parts.ApplyAsync(lease, StreamRecords.Remove(placed));
                // As a reader that has nothing left says at a checkpoint.
                await fixture.ExecuteAsync("UPDATE sync.shards SET caught_up_at = clock_timestamp()");
                _orders[i % 40] = after;
            }
        });

        var report = await ReconcileAsync(patience: TimeSpan.FromMilliseconds(500));
        await stop.CancelAsync();
        await traffic;

        report.Differences.ShouldBeEmpty();
        report.TableOrders.ShouldBeGreaterThanOrEqualTo(41);
    }

    [Fact]
    public async Task The_command_says_how_many_it_compared_and_exits_with_1_on_a_difference()
    {
        var (exitCode, output) = await CommandAsync("reconcile");
        exitCode.ShouldBe(0);
        output.ShouldContain("Compared 40 orders of the table with 40 rows and 80 lines in Postgres");
        output.ShouldContain("No difference.");

        await fixture.ExecuteAsync("UPDATE orders SET amount = 1 WHERE order_id = @OrderId", _orders[6]);
        (exitCode, output) = await CommandAsync("reconcile", "--json");
        exitCode.ShouldBe(1);
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("found").GetInt32().ShouldBe(1);
        json.RootElement.GetProperty("differences")[0].GetProperty("field").GetString().ShouldBe("amount");

        (exitCode, output) = await CommandAsync("reconcile", "--repair");
        exitCode.ShouldBe(0);
        output.ShouldContain("1 differences, all mended.");
        (await CommandAsync("reconcile")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_commands_of_snapshots_run_to_the_end_and_say_what_they_did()
    {
        await fixture.ExecuteAsync("DELETE FROM orders WHERE order_id = @OrderId", _orders[6]);
        await fixture.ExecuteAsync("UPDATE orders SET amount = 1 WHERE order_id = @OrderId", _orders[7]);

        var (exitCode, output) = await CommandAsync("snapshot");
        exitCode.ShouldBe(0);
        output.ShouldContain("40 items read, 40 orders; 1 written, 0 replaced");
        (exitCode, output) = await CommandAsync("rebuild", "--json");
        exitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("replaced").GetInt32().ShouldBe(1);
        json.RootElement.GetProperty("phase").GetString().ShouldBe("completed");
    }

    private static DateTimeOffset Now => Timestamp.Truncate(TimeProvider.System.GetUtcNow());

    private async Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await SyncCommands.RunAsync(arguments, fixture.Stores.Settings, new Terminal(TextReader.Null, output, error));
        return (exitCode, output.ToString() + (exitCode > 1 ? error : ""));
    }

    private Task<ReconcileReport> ReconcileAsync(IProgress<ReconcileReport> progress, CancellationToken cancellationToken) => _parts.Get<Reconciler>().RunAsync(
        new ReconcileOptions { ItemsPerSecond = null, Patience = TimeSpan.FromMilliseconds(50) }, progress, cancellationToken);

    private Task<ReconcileReport> ReconcileAsync(bool repairs = false, TimeSpan? patience = null) => _parts.Get<Reconciler>().RunAsync(
        new ReconcileOptions { Repairs = repairs, ItemsPerSecond = null, Patience = patience ?? TimeSpan.FromMilliseconds(50) }, progress: null, CancellationToken.None);

    /// <summary>
    /// A table that leaves out every key it is asked for until it <see cref="Serves"/>, as one that
    /// throttles may.
    /// </summary>
    private sealed class ThrottledTable(string address)
        : AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = address, AuthenticationRegion = "us-east-1" })
    {
        public bool Serves { get; set; }

        public bool IsAsked { get; private set; }

        public override Task<BatchGetItemResponse> BatchGetItemAsync(BatchGetItemRequest request, CancellationToken cancellationToken = default)
        {
            IsAsked = true;
            return Serves
                ? base.BatchGetItemAsync(request, cancellationToken)
                : Task.FromResult(new BatchGetItemResponse { Responses = [], UnprocessedKeys = request.RequestItems });
        }
    }

    /// <summary>Does something when the scan has met every order, before any is looked at again.</summary>
    private sealed class AtFirst(Func<Task> act) : IProgress<ReconcileReport>
    {
        private int _done;

        public void Report(ReconcileReport value)
        {
            if (value.TableOrders == 40 && Interlocked.Exchange(ref _done, 1) == 0)
            {
                Task.Run(act).GetAwaiter().GetResult();
            }
        }
    }
}
