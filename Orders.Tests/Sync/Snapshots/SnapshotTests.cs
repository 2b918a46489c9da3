using Amazon.DynamoDBv2.Model;
using DynamoStreams.Snapshots;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Snapshots;

public sealed class SnapshotTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private TableFixture.SyncParts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build(("Sync:Snapshot:PageItems", "10"));
        await _parts.RedisAsync();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Fact]
    public async Task An_empty_read_model_is_filled_from_the_table()
    {
        var orders = Enumerable.Range(1, 60).Select(i => SampleOrders.Placed(i, lines: 2, customer: $"c-{i % 7}", at: SampleOrders.Noon.AddMinutes(i))).ToList();
        orders[3] = orders[3].Next(OrderStatus.Cancelled);
        await fixture.PutAsync(orders);

        var done = await _parts.RunAsync();

        done.Phase.ShouldBe("completed");
        (done.Items, done.Orders, done.Written, done.ExpectedItems, done.Percent).ShouldBe((60, 60, 60, 60, 100));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(60);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items")).ShouldBe(120);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM customers")).ShouldBe(7);
        (await fixture.ScalarAsync<string>("SELECT change FROM order_history WHERE order_id = @OrderId", orders[0])).ShouldBe("placed");
        (await fixture.ScalarAsync<string>("SELECT change || version FROM order_history WHERE order_id = @OrderId", orders[3])).ShouldBe("changed2");
        (await fixture.ScalarAsync<decimal>("SELECT sum(amount) FROM hourly_totals")).ShouldBe(orders.Where(o => o.Status != OrderStatus.Cancelled).Sum(o => o.Amount));
        (await fixture.WrongTotalsAsync()).ShouldBe(0);
        (await fixture.CachedAsync(orders[0].OrderId))["b"].ShouldBe(System.Text.Encoding.UTF8.GetString(OrderJson.Render(orders[0])));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.snapshot_seen")).ShouldBe(0, "what it met is forgotten when it is done");
    }

    [Fact]
    public async Task An_order_that_is_gone_is_removed_whenever_it_says_that_it_was_placed()
    {
        var gone = SampleOrders.Placed(at: new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero)) with { OrderId = Guid.CreateVersion7(SampleOrders.Noon) };
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(gone));

        (await _parts.RunAsync()).Removed.ShouldBe(1);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(0);
    }

    [Fact]
    public async Task Items_of_other_entities_are_passed_over_and_broken_ones_are_reported_and_stop_nothing()
    {
        var good = SampleOrders.Placed();
        await using var refusal = await Refusal.OfAsync(sql => fixture.ExecuteAsync(sql), "refused");
        var refused = SampleOrders.Placed(customer: "refused");
        await fixture.PutAsync(good, refused);
        await fixture.PutAsync(new Dictionary<string, AttributeValue> { ["pk"] = new("IDEM#m#k"), ["sk"] = new("IDEM"), ["entity"] = new("idempotency") });
        await fixture.PutAsync(new Dictionary<string, AttributeValue> { ["pk"] = new("ORDER#x"), ["sk"] = new("ORDER"), ["entity"] = new("order"), ["amount"] = new("12") });

        var done = await _parts.RunAsync();

        (done.Items, done.Written, done.Broken).ShouldBe((4, 1, 2));
        (await fixture.ScalarAsync<Guid>("SELECT order_id FROM orders")).ShouldBe(good.OrderId);
        (await fixture.ScalarAsync<string>("SELECT error FROM sync.snapshot_faults WHERE item_key = 'ORDER#x'")).ShouldBe("amount: must be of the type N, and is of S");
        (await fixture.ScalarAsync<string>("SELECT error FROM sync.snapshot_faults WHERE item_key = @Key", new { Key = OrderItem.PartitionKey(refused.OrderId) })).ShouldContain("no_refused");
    }

    [Fact]
    public async Task An_order_that_the_stream_changed_after_it_was_scanned_does_not_go_back()
    {
        var placed = SampleOrders.Placed();
        var paid = placed.Next(OrderStatus.Paid);
        await fixture.PutAsync(placed);
        var lease = await fixture.LeaseAsync();
        var pages = Watch();
        pages.BeforeWriting = async page =>
        {
            if (page.Items.Count > 0)
            {
                await fixture.PutAsync(paid);
                await _parts.ApplyAsync(lease, StreamRecords.Insert(placed), StreamRecords.Modify(placed, paid));
            }
        };

        await RunAsync(pages);

        (await fixture.ScalarAsync<string>("SELECT status || version FROM orders WHERE order_id = @OrderId", placed)).ShouldBe("paid2");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_history WHERE order_id = @OrderId", placed)).ShouldBe(2);
        (await fixture.CachedAsync(placed.OrderId))["v"].ShouldBe("2");
    }

    [Fact]
    public async Task An_order_that_the_stream_changed_just_before_the_page_is_committed_does_not_come_to_redis_in_its_older_version()
    {
        var (changed, other) = (SampleOrders.Placed(), SampleOrders.Placed());
        var snapshotId = await _parts.BeginAsync(SnapshotKind.Snapshot);
        var lease = (await _parts.Get<SnapshotStore>().TryAcquireAsync(snapshotId, "tests", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Modify(changed, changed with { Version = 9 }));
        await fixture.Redis.KeyDeleteAsync(fixture.Keys.Order(changed.OrderId));

        var page = ChangeSet.Of(new[] { changed, other }.Select(order => new OrderChange(ChangeKind.Placed, order, order.Version, OrderJson.Render(order))));
        await _parts.Get<TableProjection>().CommitAsync(lease, page, [], CancellationToken.None);

        (await fixture.CachedAsync(other.OrderId))["v"].ShouldBe("1");
        (await fixture.CachedAsync(changed.OrderId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_order_whose_deletion_the_stream_lost_is_removed_everywhere()
    {
        var kept = SampleOrders.Placed(amount: 1m, merchant: "m-swept");
        var deleted = SampleOrders.Placed(amount: 10m, merchant: "m-swept", lines: 2);
        var lease = await fixture.LeaseAsync();
        await fixture.PutAsync(kept);
        await _parts.ApplyAsync(lease, StreamRecords.Insert(kept), StreamRecords.Insert(deleted));

        var done = await _parts.RunAsync();

        done.Removed.ShouldBe(1);
        (await fixture.ScalarAsync<Guid>("SELECT order_id FROM orders")).ShouldBe(kept.OrderId);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM order_items")).ShouldBe(0);
        (await fixture.ScalarAsync<long>("SELECT version FROM sync.tombstones WHERE order_id = @OrderId", deleted)).ShouldBe(2);
        (await fixture.ScalarAsync<string>("SELECT change FROM order_history WHERE order_id = @OrderId AND version = 2", deleted)).ShouldBe("deleted");
        (await fixture.ScalarAsync<string>("SELECT orders || ' ' || amount FROM hourly_totals")).ShouldBe("1 1.00");
        var cached = await fixture.CachedAsync(deleted.OrderId);
        cached["v"].ShouldBe("2");
        cached.ShouldNotContainKey("b");

        await _parts.ApplyAsync(lease, StreamRecords.Insert(deleted));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(1, "no late record brings it back");
    }

    [Fact]
    public async Task An_order_that_was_placed_behind_the_scan_is_not_removed()
    {
        var placed = SampleOrders.Placed();
        var lease = await fixture.LeaseAsync();
        var pages = Watch();
        var last = 0;
        pages.BeforeWriting = async page =>
        {
            // After the last segment's only page was read: no page has it.
            if (page.EndsSegment && Interlocked.Increment(ref last) == 4)
            {
                await fixture.PutAsync(placed);
                await _parts.ApplyAsync(lease, StreamRecords.Insert(placed));
            }
        };

        var done = await RunAsync(pages);

        done.Orders.ShouldBe(0);
        done.Removed.ShouldBe(0);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(1);
    }

    [Fact]
    public async Task Orders_that_are_here_already_are_not_written_again()
    {
        var orders = Enumerable.Range(1, 30).Select(i => SampleOrders.Placed(i)).ToList();
        var lease = await fixture.LeaseAsync();
        await fixture.PutAsync(orders);
        await _parts.ApplyAsync(lease, [.. orders.Skip(1).Select(StreamRecords.Insert)]);

        (await _parts.RunAsync()).Written.ShouldBe(1);

        (await fixture.WrongTotalsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_snapshot_that_is_cut_off_goes_on_without_scanning_again_what_is_written()
    {
        var orders = Enumerable.Range(1, 200).Select(i => SampleOrders.Placed(i)).ToList();
        await fixture.PutAsync(orders);
        var snapshotId = await _parts.BeginAsync();
        var pages = Watch();
        using var cut = new CancellationTokenSource();
        pages.BeforeWriting = async _ =>
        {
            if (pages.Read.Count == 11)
            {
                await cut.CancelAsync();
                throw new OperationCanceledException(cut.Token);
            }
        };
        await Should.ThrowAsync<OperationCanceledException>(() => _parts.Runner(pages).TryRunAsync(snapshotId, scan: null, cut.Token));
        var written = await fixture.ScalarAsync<int>("SELECT count(*) FROM orders");
        written.ShouldBeInRange(1, 199);

        var rest = Watch();
        (await _parts.Runner(rest).TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeTrue();

        var done = (await _parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!;
        (done.Items, done.Written).ShouldBe((200, 200), "each item was written and counted once");
        var finished = pages.Read.Select(position => (position.Segment, position.NextKey)).Intersect(rest.Read.Select(position => (position.Segment, position.NextKey))).Count();
        finished.ShouldBeLessThanOrEqualTo(4, "at most the page that each segment was at is read again");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(200);
    }

    [Fact]
    public async Task One_instance_at_a_time_runs_it_and_the_one_that_lost_it_commits_nothing_more()
    {
        await fixture.PutAsync(Enumerable.Range(1, 50).Select(i => SampleOrders.Placed(i)));
        await using var other = fixture.Build(("Sync:Snapshot:PageItems", "10"));
        var snapshotId = await _parts.BeginAsync();
        var pages = Watch();
        var (arrived, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        pages.BeforeWriting = _ =>
        {
            arrived.TrySetResult();
            return goOn.Task;
        };
        var first = _parts.Runner(pages).TryRunAsync(snapshotId, scan: null, CancellationToken.None);
        await arrived.Task;

        (await other.Get<SnapshotRunner>().TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeFalse("it is leased");
        await fixture.ExecuteAsync("UPDATE sync.snapshots SET leased_until = now() - interval '1 second'");
        (await other.Get<SnapshotRunner>().TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeTrue("the lease has run out");
        await fixture.ExecuteAsync("TRUNCATE orders");
        goOn.SetResult();

        (await first).ShouldBeFalse();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(0, "the zombie's pages are fenced");
        (await _parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!.Items.ShouldBe(50);
    }

    [Fact]
    public async Task An_instance_that_lost_it_commits_nothing_while_the_next_one_runs_it()
    {
        var snapshotId = await _parts.BeginAsync();
        var lost = (await _parts.Get<SnapshotStore>().TryAcquireAsync(snapshotId, "lost", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();
        var held = (await _parts.Get<SnapshotStore>().TryAcquireAsync(snapshotId, "held", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();

        await Should.ThrowAsync<SnapshotLostException>(() => CommitAsync(lost));
        await CommitAsync(held);

        Task CommitAsync(SnapshotLease lease) => _parts.Get<TableProjection>().CommitAsync(lease, ChangeSet.Of([]), [], CancellationToken.None);
    }

    [Fact]
    public async Task A_stopped_snapshot_stops_and_goes_on_when_it_is_asked_for_again()
    {
        await fixture.PutAsync(Enumerable.Range(1, 100).Select(i => SampleOrders.Placed(i)));
        var snapshotId = await _parts.BeginAsync();
        var pages = Watch();
        pages.BeforeWriting = async _ =>
        {
            if (pages.Read.Count == 5)
            {
                await _parts.Snapshots.StopAsync(SnapshotKind.Snapshot, CancellationToken.None);
            }
        };

        (await _parts.Runner(pages).TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeFalse();

        var stopped = (await _parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!;
        stopped.Phase.ShouldBe("stopped");
        stopped.Items.ShouldBeLessThan(100);
        (await _parts.Snapshots.BeginWhereNeededAsync(CancellationToken.None)).ShouldBeNull("nobody goes on by himself");
        var done = await _parts.RunAsync();
        (done.SnapshotId, done.Items, done.Written).ShouldBe((snapshotId, 100, 100));
    }

    [Fact]
    public async Task A_snapshot_heals_the_gaps_that_were_found_before_it_began_and_no_later_one()
    {
        await fixture.AddGapAsync();
        var pages = Watch();
        var added = 0;
        pages.BeforeWriting = _ => Interlocked.Exchange(ref added, 1) == 0 ? fixture.AddGapAsync() : Task.CompletedTask;

        await RunAsync(pages);

        (await fixture.ScalarAsync<string>("SELECT string_agg((healed_at IS NOT NULL)::text, ' ' ORDER BY gap_id) FROM sync.gaps")).ShouldBe("true false");
        (await _parts.Snapshots.CountOpenGapsAsync(CancellationToken.None)).ShouldBe(1);
        (await _parts.Snapshots.BeginWhereNeededAsync(CancellationToken.None)).ShouldNotBeNull("the later gap asks for another");
        await _parts.RunAsync();
        (await _parts.Snapshots.CountOpenGapsAsync(CancellationToken.None)).ShouldBe(0);
    }

    private WatchedPages Watch() => new(_parts.Get<ITablePages>());

    private async Task<SnapshotProgress> RunAsync(WatchedPages pages)
    {
        var snapshotId = await _parts.BeginAsync();
        (await _parts.Runner(pages).TryRunAsync(snapshotId, scan: null, CancellationToken.None)).ShouldBeTrue();
        return (await _parts.Snapshots.ReadProgressAsync(snapshotId, CancellationToken.None))!;
    }
}
