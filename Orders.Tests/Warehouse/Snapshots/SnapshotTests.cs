using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Engines;
using Orders.Tests.Sync;
using Orders.Warehouse;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Snapshots;
using Shouldly;
using Xunit;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Warehouse.Snapshots;

/// <summary>
/// Snapshots of a real table into the log. The service's components, none of which runs by itself.
/// </summary>
public sealed class SnapshotTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private WebApplication _app = null!;

    private IAmazonDynamoDB Dynamo => _app.Services.GetRequiredService<IAmazonDynamoDB>();

    private LogSnapshotRunner Runner => _app.Services.GetRequiredService<LogSnapshotRunner>();

    public async ValueTask InitializeAsync()
    {
        await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days, warehouse.snapshots, warehouse.snapshot_segments, warehouse.gaps RESTART IDENTITY CASCADE");
        var settings = fixture.Stores.Settings;
        settings["Orders:Warehouse:Lake"] = _folder.Path;
        settings["Orders:Warehouse:FileRows"] = "40";
        _app = WarehouseHost.Build(new() { EnvironmentName = "Development" }, settings);
        await StreamTable.CreateAsync(Dynamo, fixture.Stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
    }

    public async ValueTask DisposeAsync()
    {
        await Dynamo.DeleteTableAsync(fixture.Stores.Table);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_table_that_is_older_than_its_stream_is_read_whole_each_order_once()
    {
        var orders = await PutAsync(150);
        await Dynamo.PutItemAsync(fixture.Stores.Table, Other("IDEM#1", "idempotency"));
        await Dynamo.PutItemAsync(fixture.Stores.Table, Other("ORDER#nonsense", "order"));

        (await Runner.RunAsync("start", default)).ShouldBe((151, 0));

        LakeReading.Query($"SELECT order_id, version, change, source, amount FROM {Files}").Select(row => string.Join(' ', row))
            .ShouldBe(orders.Select(order => $"{order.OrderId} 1 found snapshot 200"), ignoreOrder: true);
        Directory.GetFiles(_folder.In("orders_changes"), "*.parquet", SearchOption.AllDirectories).Length.ShouldBeGreaterThan(2);
        Directory.GetFiles(_folder.In("quarantine"), "*.ndjson", SearchOption.AllDirectories).Single().ShouldSatisfyAllConditions(file => File.ReadAllText(file).ShouldContain("ORDER#nonsense"));
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.snapshots WHERE finished_at IS NOT NULL AND found = 151")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_snapshot_that_was_killed_goes_on_and_has_each_order_once()
    {
        var orders = await PutAsync(150);
        var lake = new BreakingLake(new Orders.Warehouse.Store.FolderLake(_folder.Path, TimeProvider.System));
        var written = 0;
        lake.AfterPut = _ => ++written == 2 ? throw new IOException("killed") : Task.CompletedTask;

        await Should.ThrowAsync<IOException>(() => RunnerOn(lake).RunAsync("start", default));
        await Runner.RunAsync("start", default);

        LakeReading.Query($"SELECT order_id FROM {Files}").Select(row => row[0]).ShouldBe(orders.Select(order => $"{order.OrderId}"), ignoreOrder: true);
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.files WHERE state = 'noted'")).ShouldBe(0L);
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.snapshots")).ShouldBe(1L);
    }

    [Fact]
    public async Task Two_instances_at_once_write_each_order_once_and_one_of_them_gives_way()
    {
        var orders = await PutAsync(150);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var lake = new BreakingLake(new Orders.Warehouse.Store.FolderLake(_folder.Path, TimeProvider.System))
        {
            BeforePut = async _ =>
            {
                reached.TrySetResult();
                await go.Task;
            },
        };
        var slow = RunnerOn(lake).RunAsync("start", default);
        await reached.Task;

        await Runner.RunAsync("start", default);
        go.SetResult();

        await Should.ThrowAsync<LogSnapshotLostException>(() => slow);
        LakeReading.Query($"SELECT order_id FROM {Files}").Select(row => row[0]).ShouldBe(orders.Select(order => $"{order.OrderId}"), ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_gone_after_a_gap_becomes_a_deletion_and_the_gap_is_healed()
    {
        var orders = await PutAsync(5);
        await Runner.RunAsync("start", default);
        await fixture.ExecuteAsync("INSERT INTO warehouse.gaps (stream_arn, shard_id, reason) VALUES ('s', 'x', 'trimmed')");
        await Dynamo.DeleteItemAsync(fixture.Stores.Table, OrderItem.Key(orders[0].OrderId));
        await Dynamo.PutItemAsync(fixture.Stores.Table, OrderItem.From(orders[1].Next(OrderStatus.Paid)));

        (await Runner.RunAsync("gap", default)).ShouldBe((4, 1));

        LakeReading.Query($"SELECT change, version, amount FROM {Files} WHERE order_id = '{orders[0].OrderId}' ORDER BY version").Select(row => string.Join(' ', row))
            .ShouldBe(["found 1 200", "vanished 2 200"]);
        LakeReading.Query($"SELECT version, status FROM {Files} WHERE order_id = '{orders[1].OrderId}' ORDER BY version").Select(row => string.Join(' ', row)).ShouldBe(["1 placed", "2 paid"]);
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.gaps WHERE healed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_young_table_with_its_stream_needs_no_snapshot()
    {
        var table = (await Dynamo.DescribeTableAsync(fixture.Stores.Table)).Table;
        (await _app.Services.GetRequiredService<StreamAge>().IsWholeAsync(default)).ShouldBeTrue($"made {table.CreationDateTime:O}, stream {table.LatestStreamLabel}");
    }

    private string Files => LakeReading.Files(_folder.Path);

    private LogSnapshotRunner RunnerOn(BreakingLake lake) => ActivatorUtilities.CreateInstance<LogSnapshotRunner>(_app.Services, new LogWriter(lake));

    private static Dictionary<string, AttributeValue> Other(string key, string entity) => new(StringComparer.Ordinal) { ["pk"] = new(key), ["sk"] = new("ORDER"), ["entity"] = new(entity) };

    private async Task<List<Order>> PutAsync(int count)
    {
        var orders = Enumerable.Range(0, count).Select(_ => SampleOrders.Placed()).ToList();
        foreach (var order in orders)
        {
            await Dynamo.PutItemAsync(fixture.Stores.Table, OrderItem.From(order));
        }

        return orders;
    }
}
