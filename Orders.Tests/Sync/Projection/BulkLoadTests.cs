using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Projection;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// A large batch is loaded another way than a small one. What comes of it must be the same.
/// </summary>
public sealed class BulkLoadTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private const int Orders = BulkPlan.FewestRecords;
    private const string Copy = "COPY orders ";

    private static readonly string[] Tables =
    [
        "orders", "order_items", "customers", "products", "(SELECT * FROM hourly_totals WHERE orders <> 0)", "(SELECT order_id, version, merchant_id FROM sync.tombstones)",
        "(SELECT order_id, version, merchant_id, change, changed_at, body::text FROM order_history)",
    ];

    private readonly Order[] _placed =
        [.. Enumerable.Range(0, Orders).Select(i => SampleOrders.Placed(amount: 10 + i, merchant: $"merchant-{i % 3}", at: SampleOrders.Noon.AddMinutes(i), lines: 3, customer: $"customer-{i % 50}"))];

    private StreamRecord[] _inserts = [];

    public async ValueTask InitializeAsync()
    {
        _inserts = _inserts.Length > 0 ? _inserts : [.. _placed.Select(StreamRecords.Insert)];
        await fixture.ExecuteAsync(
            "TRUNCATE orders, order_items, order_history, customers, products, hourly_totals, sync.tombstones, sync.cache_repairs, sync.dead_letters, sync.blocked_items CASCADE");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task It_leaves_the_rows_that_small_batches_leave()
    {
        await using var parts = fixture.Build();
        var records = Everything();
        using (var statements = Statements())
        {
            await LoadAsync(parts, await fixture.LeaseAsync(), _inserts);
            await LoadAsync(parts, await fixture.LeaseAsync(), records);
            statements.Count(Copy).ShouldBe(2);
        }

        var loaded = await DigestAsync();
        await InitializeAsync();
        var lease = await fixture.LeaseAsync();
        foreach (var some in _inserts.Concat(records).Chunk(100))
        {
            await parts.ApplyAsync(lease, some);
        }

        loaded.ShouldBe(await DigestAsync());
    }

    [Fact]
    public async Task Applied_again_it_changes_nothing()
    {
        await using var parts = fixture.Build();
        var records = Everything();
        await LoadAsync(parts, await fixture.LeaseAsync(), _inserts);
        await LoadAsync(parts, await fixture.LeaseAsync(), records);
        var before = await DigestAsync();

        await LoadAsync(parts, await fixture.LeaseAsync(), records);
        await LoadAsync(parts, await fixture.LeaseAsync(), _inserts);

        (await DigestAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_deleted_order_does_not_come_back_with_it()
    {
        await using var parts = fixture.Build();
        await parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Remove(_placed[7]));
        // As if cleaned up since: only the tombstone still knows.
        await fixture.ExecuteAsync("TRUNCATE order_history");

        await LoadAsync(parts, await fixture.LeaseAsync(), _inserts);

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(Orders - 1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", _placed[7])).ShouldBe(0);
    }

    [Fact]
    public async Task A_step_from_a_version_that_is_not_there_writes_the_whole_order()
    {
        await using var parts = fixture.Build();
        // The first order's beginning was lost, and the second is two versions behind.
        await LoadAsync(parts, await fixture.LeaseAsync(), [.. _placed.Skip(1).Select(StreamRecords.Insert)]);
        var paid = _placed.Select(order => order.Next(OrderStatus.Paid)).ToArray();
        paid[1] = paid[1].Next(OrderStatus.Shipped) with { Items = [.. paid[1].Items.Take(1)] };

        await LoadAsync(parts, await fixture.LeaseAsync(), [.. paid.Select((order, i) => StreamRecords.Modify(i == 1 ? order with { Version = 2 } : _placed[i], order))]);

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", _placed[0])).ShouldBe(3);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items WHERE order_id = @OrderId", _placed[1])).ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE status = 'paid'")).ShouldBe(Orders - 1);
    }

    [Fact]
    public async Task An_item_with_dead_letters_waits_and_the_others_arrive()
    {
        await using var parts = fixture.Build();
        var lease = await fixture.LeaseAsync();
        var bad = StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{_placed[3].OrderId}", """{"entity":{"S":"order"},"order_id":{"S":"no id"}}""");
        await parts.ApplyAsync(lease, bad);

        await LoadAsync(parts, lease, _inserts);

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(Orders - 1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(2);
    }

    [Fact]
    public async Task An_owner_that_lost_its_lease_commits_nothing_of_it()
    {
        await using var parts = fixture.Build();
        var lease = await fixture.LeaseAsync();
        await fixture.ExecuteAsync("UPDATE sync.shards SET fencing_token = fencing_token + 1 WHERE shard_id = @ShardId", lease);

        await Should.ThrowAsync<LeaseLostException>(() => LoadAsync(parts, lease, _inserts));

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(0);
    }

    [Fact]
    public async Task What_postgres_has_newer_does_not_come_to_a_redis_that_lost_it()
    {
        await using var parts = fixture.Build();
        var (lease, first) = (await fixture.LeaseAsync(), _placed[0]);
        var redis = parts.App.Services.GetRequiredService<IRedis>();
        Assert.SkipUnless(redis.IsConfigured, "no Redis on this machine");
        await Eventually.HoldsAsync(() => Task.FromResult(redis.IsConnected));
        StreamRecord[] late = [.. _placed.Skip(1).Select(StreamRecords.Insert), StreamRecords.Remove(first)];
        await parts.ApplyAsync(lease, StreamRecords.Modify(first, first with { Version = 9 }));
        await redis.Database!.KeyDeleteAsync(fixture.Keys.Order(first.OrderId));

        await LoadAsync(parts, lease, late);
        await parts.Handler.SettledAsync(lease);

        (await fixture.CachedAsync(_placed[1].OrderId))["v"].ShouldBe("1");
        (await fixture.CachedAsync(first.OrderId)).ShouldBeEmpty();
    }

    /// <summary>
    /// One of everything that may happen to orders that are there, and new ones, some of which do not last.
    /// </summary>
    private StreamRecord[] Everything()
    {
        var records = new List<StreamRecord>();
        for (var i = 0; i < _placed.Length; i++)
        {
            var (order, paid) = (_placed[i], _placed[i].Next(OrderStatus.Paid));
            var born = SampleOrders.Placed(amount: i, merchant: "merchant-9", at: SampleOrders.Noon.AddDays(1), lines: 1 + (i % 4), customer: i % 2 == 0 ? null : "guest");
            records.AddRange((i % 6) switch
            {
                0 => [StreamRecords.Modify(order, paid)],
                1 => [StreamRecords.Modify(order, paid), StreamRecords.Modify(paid, paid.Next(OrderStatus.Shipped))],
                2 => [StreamRecords.Modify(order, order.Next(OrderStatus.Cancelled)), StreamRecords.Insert(born)],
                3 => [StreamRecords.Remove(order), StreamRecords.Insert(born), StreamRecords.Modify(born, born.Next(OrderStatus.Paid))],
                4 => [StreamRecords.Modify(order, paid with { Items = [.. paid.Items.Take(2)] }), StreamRecords.Insert(born)],
                _ => [StreamRecords.Insert(born), StreamRecords.Remove(born)],
            });
        }

        return [.. records];
    }

    private static Task LoadAsync(ProjectionFixture.Parts parts, ShardLease lease, StreamRecord[] records) =>
        parts.Handler.Prepare(new ShardBatch(lease, records, EndsShard: false))(CancellationToken.None);

    private StatementCounter Statements() => new(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres).Database!);

    private async Task<string> DigestAsync()
    {
        var digests = new List<string>();
        foreach (var table in Tables)
        {
            digests.Add(await fixture.ScalarAsync<string>($"SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {table} AS t"));
        }

        return string.Join('\n', Tables.Zip(digests, (table, digest) => $"{table}: {digest}"));
    }
}
