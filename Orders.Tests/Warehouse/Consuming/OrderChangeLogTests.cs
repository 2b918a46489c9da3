using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Domain;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Engines;
using Orders.Tests.Sync;
using Orders.Warehouse.Consuming;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Consuming;

/// <summary>A range of a shard is in the lake once, wherever its writer is killed.</summary>
public sealed class OrderChangeLogTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_batch_becomes_a_file_that_anybody_reads_exact_to_the_last_digit()
    {
        var lease = await fixture.NewShardAsync();
        var order = SampleOrders.Placed(1) with { Amount = 999_999_999_998.99999999m, Currency = SampleOrders.Placed(1, currency: "CLF").Currency, Items = [new(1, "p-1", "A \"quoted\" name, ünïcode", 3, 0.00000001m)] };
        var later = order with { Status = OrderStatus.Paid, Version = 2, UpdatedAt = order.UpdatedAt.AddMinutes(1) };

        await Log().ApplyAsync(new(lease, [StreamRecords.Insert(order), StreamRecords.Modify(order, later), StreamRecords.Remove(later)], EndsShard: false), default);

        var rows = LakeReading.Query($"SELECT change, version, order_id, amount, items[1].product_name, items[1].unit_price, items[1].quantity, status, item->>'$.amount.N', shard FROM {Files} ORDER BY sequence");
        rows.Select(row => $"{row[0]} {row[1]} {row[7]}").ShouldBe(["placed 1 placed", "changed 2 paid", "deleted 3 paid"]);
        rows.ShouldAllBe(row => row[2] == order.OrderId.ToString() && row[3] == "999999999998.99999999" && row[4] == order.Items[0].ProductName && row[5] == "0.00000001" && row[6] == "3");
        rows.ShouldAllBe(row => row[8] == "999999999998.99999999" && row[9] == lease.ShardId);
        (await fixture.ScalarAsync($"SELECT sum(rows) FROM warehouse.files WHERE state = 'live' AND source LIKE '%{lease.ShardId}'")).ShouldBe(3m);
    }

    [Fact]
    public async Task Lines_are_a_list_none_an_empty_one_and_what_nobody_can_read_is_null()
    {
        var lease = await fixture.NewShardAsync();
        var (none, many) = (SampleOrders.Placed(1), SampleOrders.Placed(2));
        many = many with { Items = [new(1, "p-1", "one", 1, 0.00000001m), new(2, "p-2", "two", int.MaxValue, 99_999_999_999.99999999m), new(3, "p-3", "three", 3, 3m)] };
        List<StreamRecord> records = [StreamRecords.Insert(none), StreamRecords.Insert(many), StreamRecords.Raw(StreamEvent.Remove, $"ORDER#{SampleOrders.Placed(3).OrderId}", newImage: null, """{"entity":{"S":"order"}}""")];

        await Log().ApplyAsync(new(lease, records, EndsShard: false), default);

        LakeReading.Query($"SELECT items::VARCHAR FROM {Files} ORDER BY sequence").Select(row => row[0]).ShouldBe(
        [
            "[]",
            "[{'product_id': p-1, 'product_name': one, 'quantity': 1, 'unit_price': 0.00000001}, {'product_id': p-2, 'product_name': two, 'quantity': 2147483647, 'unit_price': 99999999999.99999999}, "
                + "{'product_id': p-3, 'product_name': three, 'quantity': 3, 'unit_price': 3.00000000}]",
            "",
        ]);
        LakeReading.Query($"SELECT column_type FROM (DESCRIBE SELECT * FROM {Files}) WHERE column_name = 'items'").Single().ShouldBe(
            ["STRUCT(product_id VARCHAR, product_name VARCHAR, quantity BIGINT, unit_price DECIMAL(20,8))[]"]);
    }

    [Fact]
    public async Task A_writer_that_is_killed_before_it_writes_leaves_a_note_under_which_the_next_writes()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var broken = new BreakingLake(Lake()) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records[..4], EndsShard: false), default));

        // The next one reads other pages.
        await InBatchesAsync(await fixture.TakeAsync(lease.ShardId), records, 1, 2, 3);

        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task What_waits_for_the_rest_of_its_range_keeps_its_image_when_its_page_is_used_again()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(3));
        var broken = new BreakingLake(Lake()) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records, EndsShard: false), default));
        var (next, log) = (await fixture.TakeAsync(lease.ShardId), Log());
        var page = records[0].NewImage.ToArray();

        await log.ApplyAsync(new(next, [records[0] with { NewImage = page }], EndsShard: false), default);
        page.AsSpan().Fill((byte)'x');
        await log.ApplyAsync(new(next, records[1..], EndsShard: false), default);

        LakeReading.Query($"SELECT count(*), bool_and(json_valid(item)) FROM {Files}").Single().ShouldBe(["3", "True"]);
    }

    [Fact]
    public async Task A_writer_that_is_killed_after_it_wrote_leaves_an_object_that_the_next_writes_again()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var broken = new BreakingLake(Lake()) { AfterPut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records[..4], EndsShard: false), default));

        await InBatchesAsync(await fixture.TakeAsync(lease.ShardId), records, 6);

        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task A_zombie_that_writes_late_writes_the_same()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var frozen = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        var slow = new BreakingLake(Lake())
        {
            BeforePut = _ =>
            {
                reached.SetResult();
                return frozen.Task;
            },
        };
        var zombie = Log(slow).ApplyAsync(new(lease, records[..4], EndsShard: false), default);
        await reached.Task;

        await InBatchesAsync(await fixture.TakeAsync(lease.ShardId), records, 3, 3);
        frozen.SetResult();

        await Should.ThrowAsync<LeaseLostException>(() => zombie);
        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task A_zombie_cannot_note_a_range()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(2));
        await fixture.TakeAsync(lease.ShardId);

        await Should.ThrowAsync<LeaseLostException>(() => Log().ApplyAsync(new(lease, records, EndsShard: false), default));

        Directory.Exists(_folder.In("orders_changes")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_batch_that_is_tried_again_after_its_first_part_was_committed_moves_nothing_back()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var broken = new BreakingLake(Lake()) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records[..3], EndsShard: false), default));
        var taken = await fixture.TakeAsync(lease.ShardId);
        var puts = 0;
        var flaky = new BreakingLake(Lake()) { BeforePut = _ => ++puts == 2 ? throw new IOException("for now") : Task.CompletedTask };
        var prepared = Log(flaky).Prepare(new(taken, records, EndsShard: false));

        await Should.ThrowAsync<IOException>(() => prepared(default));
        (await CheckpointAsync(lease)).ShouldBe(records[2].SequenceNumber);
        await prepared(default);

        (await CheckpointAsync(lease)).ShouldBe(records[5].SequenceNumber);
        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task A_note_or_a_registration_whose_answer_was_lost_is_not_in_the_way_of_the_next_attempt()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        await using var way = new LossyWay(fixture.Stores.Postgres);
        await using var database = NpgsqlDataSource.Create(way.ConnectionString);
        var prepared = Log(database: database).Prepare(new(lease, records[..4], EndsShard: false));

        way.LoseAnswerTo("INSERT INTO warehouse.files");
        await Should.ThrowAsync<NpgsqlException>(() => prepared(default));
        (await fixture.ScalarAsync($"SELECT count(*) FROM warehouse.files WHERE state = 'noted' AND source LIKE '%{lease.ShardId}'")).ShouldBe(1L, "it was committed");
        way.LoseAnswerTo("SET state = 'live'");
        await Should.ThrowAsync<NpgsqlException>(() => prepared(default));
        (await CheckpointAsync(lease)).ShouldBe(records[3].SequenceNumber, "it was committed");
        await prepared(default);
        await Log(database: database).ApplyAsync(new(lease, records[4..], EndsShard: false), default);

        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task Of_a_range_whose_beginning_the_stream_has_lost_what_was_written_counts()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var broken = new BreakingLake(Lake()) { AfterPut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records[..4], EndsShard: false), default));

        await InBatchesAsync(await fixture.TakeAsync(lease.ShardId), records[2..], 1, 3);

        await IsOnceAsync(lease, records, files: 2);
    }

    [Fact]
    public async Task Of_a_range_that_was_not_written_what_the_stream_still_has_is_written()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(6));
        var broken = new BreakingLake(Lake()) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records[..4], EndsShard: false), default));

        await InBatchesAsync(await fixture.TakeAsync(lease.ShardId), records[2..], 4);

        await IsOnceAsync(lease, records[2..], files: 2);
    }

    [Fact]
    public async Task A_shard_that_ends_within_a_noted_range_ends()
    {
        var (lease, records) = (await fixture.NewShardAsync(), Records(4));
        var broken = new BreakingLake(Lake()) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => Log(broken).ApplyAsync(new(lease, records, EndsShard: true), default));

        await Log().ApplyAsync(new(await fixture.TakeAsync(lease.ShardId), records, EndsShard: true), default);

        await IsOnceAsync(lease, records, files: 1);
        (await fixture.ScalarAsync($"SELECT finished_at IS NOT NULL FROM warehouse.shards WHERE shard_id = '{lease.ShardId}'")).ShouldBe(true);
    }

    [Fact]
    public async Task Changes_of_several_days_are_parted_by_their_UTC_day()
    {
        var lease = await fixture.NewShardAsync();
        var (late, early) = (SampleOrders.Placed(1), SampleOrders.Placed(2));
        late = late with { UpdatedAt = new(2026, 3, 1, 23, 59, 59, 999, TimeSpan.Zero) };
        early = early with { UpdatedAt = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero) };

        await Log().ApplyAsync(new(lease, [StreamRecords.Insert(late), StreamRecords.Insert(early)], EndsShard: false), default);

        LakeReading.Query($"SELECT day, order_id FROM {Files} ORDER BY day").Select(row => row[1]).ShouldBe([$"{late.OrderId}", $"{early.OrderId}"]);
        Directory.GetDirectories(_folder.In("orders_changes")).Select(Path.GetFileName).Order().ShouldBe(["day=2026-03-01", "day=2026-03-02"]);
    }

    [Fact]
    public async Task What_cannot_be_typed_goes_to_the_quarantine_and_what_is_no_order_nowhere()
    {
        var lease = await fixture.NewShardAsync();
        var order = SampleOrders.Placed(1);
        var bad = StreamRecords.Raw(StreamEvent.Insert, "ORDER#1", """{"pk":{"S":"ORDER#1"},"sk":{"S":"ORDER"},"entity":{"S":"order"},"amount":{"S":"much"}}""");
        var other = StreamRecords.Raw(StreamEvent.Insert, "IDEM#1", """{"pk":{"S":"IDEM#1"},"sk":{"S":"IDEM"},"entity":{"S":"idempotency"}}""");
        var broken = StreamRecords.Insert(order) with { Undecodable = "half of it is missing" };
        var log = Log();

        await log.ApplyAsync(new(lease, [other, StreamRecords.Insert(order), bad], EndsShard: false), default);
        await log.SetAsideAsync(new(lease, [broken], EndsShard: false), new FormatException("x"), default);

        LakeReading.Scalar($"SELECT count(*) FROM {Files}").ShouldBe("1");
        var lines = Directory.GetFiles(_folder.In("quarantine"), "*.ndjson", SearchOption.AllDirectories).SelectMany(File.ReadAllLines).ToList();
        lines.Count.ShouldBe(2);
        lines.ShouldContain(line => line.Contains("much"));
        lines.ShouldContain(line => line.Contains("half of it is missing"));
        (await CheckpointAsync(lease)).ShouldBe(broken.SequenceNumber);
    }

    private string Files => LakeReading.Files(_folder.Path);

    private FolderLake Lake() => new(_folder.Path, TimeProvider.System);

    private OrderChangeLog Log(ILakeStore? lake = null, NpgsqlDataSource? database = null) => new(database ?? fixture.Database, new LogWriter(lake ?? Lake()), new PostgresSessions(fixture.Database, TimeProvider.System, NullLogger<PostgresSessions>.Instance), new(), TimeProvider.System);

    private static List<StreamRecord> Records(int count) => [.. Enumerable.Range(1, count).Select(i => StreamRecords.Insert(SampleOrders.Placed(i)))];

    private async Task InBatchesAsync(ShardLease lease, List<StreamRecord> records, params int[] sizes)
    {
        var (log, at) = (Log(), 0);
        foreach (var size in sizes)
        {
            await log.ApplyAsync(new(lease, records[at..(at + size)], EndsShard: false), default);
            at += size;
        }

        at.ShouldBe(records.Count);
    }

    private async Task<object?> CheckpointAsync(ShardLease lease) => await fixture.ScalarAsync($"SELECT checkpoint FROM warehouse.shards WHERE shard_id = '{lease.ShardId}'");

    private async Task IsOnceAsync(ShardLease lease, List<StreamRecord> records, int files)
    {
        LakeReading.Query($"SELECT ltrim(sequence, '0') FROM {Files} ORDER BY sequence").Select(row => row[0]).ShouldBe(records.Select(record => record.SequenceNumber));
        (await fixture.ScalarAsync($"SELECT count(*) FROM warehouse.files WHERE state = 'noted' AND source LIKE '%{lease.ShardId}'")).ShouldBe(0L);
        (await fixture.ScalarAsync($"SELECT count(*) FROM warehouse.files WHERE state = 'live' AND source LIKE '%{lease.ShardId}'")).ShouldBe((long)files);
        (await CheckpointAsync(lease)).ShouldBe(records[^1].SequenceNumber);
    }
}
