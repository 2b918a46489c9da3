using DynamoStreams.Api;
using Orders.Domain.Item;
using Orders.Tests.Sync;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Requeueing;

/// <summary>What was mended in the quarantine comes back, once.</summary>
public sealed class RequeueTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private readonly WarehouseParts _parts = new(fixture);

    public async ValueTask InitializeAsync() => await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days");

    public ValueTask DisposeAsync()
    {
        _parts.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_record_that_was_mended_comes_back_once_in_its_place_and_the_rest_stays()
    {
        var order = SampleOrders.Placed(12.5m);
        var bad = Broken(order.OrderId, StreamRecords.Image(order));
        await RefuseAsync(bad, Broken(Guid.Empty, "{\"pk\":{\"S\":\"ORDER#x\"},\"sk\":{\"S\":\"ORDER\"},\"entity\":{\"S\":\"order\"}}"));
        (await _parts.Requeue().RunAsync(default)).ShouldBe((0, 2, "amount: must be of the type N, and is of S"));
        Mend();

        var first = await _parts.Requeue().RunAsync(default);
        var second = await _parts.Requeue().RunAsync(default);

        (first.Back, first.Stay, second.Back, second.Stay).ShouldBe((1, 1, 0, 1));
        LakeReading.Query($"SELECT order_id, amount, sequence FROM {_parts.Files}").Single().ShouldBe([$"{order.OrderId}", "12.5", bad.SequenceNumber.PadLeft(40, '0')]);
        (await fixture.ScalarAsync("SELECT sum(rows) FROM warehouse.files WHERE state = 'live' AND log LIKE 'quarantine/%'")).ShouldBe(1m);
    }

    [Fact]
    public async Task A_run_that_is_killed_is_done_again_by_the_next()
    {
        var order = SampleOrders.Placed();
        await RefuseAsync(Broken(order.OrderId, StreamRecords.Image(order)));
        Mend();
        await Should.ThrowAsync<IOException>(() => _parts.Requeue(new BreakingLake(_parts.Lake) { AfterPut = _ => throw new IOException("killed") }).RunAsync(default));

        (await _parts.Requeue().RunAsync(default)).Back.ShouldBe(1);

        LakeReading.Query($"SELECT order_id FROM {_parts.Files}").Single().ShouldBe([$"{order.OrderId}"]);
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.files WHERE state = 'noted'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_line_that_a_person_broke_is_named_and_nothing_of_its_file_is_moved()
    {
        var order = SampleOrders.Placed();
        await RefuseAsync(Broken(order.OrderId, StreamRecords.Image(order)));
        await System.IO.File.WriteAllTextAsync(File(), "{\"reason\":\n");

        (await Should.ThrowAsync<LakeException>(() => _parts.Requeue().RunAsync(default))).Message.ShouldStartWith("Line 1 of quarantine/orders_changes/day=");

        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.files WHERE state = 'live'")).ShouldBe(1L);
    }

    private static StreamRecord Broken(Guid orderId, string image) =>
        StreamRecords.Raw(StreamEvent.Insert, OrderItem.PartitionKey(orderId), image.Replace("\"amount\":{\"N\"", "\"amount\":{\"S\"", StringComparison.Ordinal));

    private async Task RefuseAsync(params StreamRecord[] records) => await _parts.Log().ApplyAsync(new(await fixture.NewShardAsync(), records, EndsShard: false), default);

    private string File() => Directory.GetFiles(_parts.Folder.In("quarantine"), "0-*.ndjson", SearchOption.AllDirectories).Single();

    private void Mend()
    {
        var file = File();
        System.IO.File.WriteAllText(file, System.IO.File.ReadAllText(file).Replace("\"amount\":{\"S\"", "\"amount\":{\"N\"", StringComparison.Ordinal));
    }
}
