using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Consuming;
using Orders.Sync.DeadLetters;
using Orders.Sync.Projection;
using Orders.Sync.Repair;
using Orders.Sync.Snapshots;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// Whoever writes orders takes every follower along: asks it first, commits its statements with the orders,
/// tells it of the end.
/// </summary>
public sealed class FollowersTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    private readonly Order _order = SampleOrders.Placed();
    private readonly Follower _follower = new();
    private TableFixture.SyncParts _parts = null!;
    private ProjectionWriter _writer = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        await fixture.ExecuteAsync("DROP TABLE IF EXISTS follower; CREATE TABLE follower (order_id uuid)");
        await fixture.PutAsync(_order);
        _parts = fixture.Build();
        await _parts.RedisAsync();
        // The first writing also finds out what Redis it is, which a redrive's transaction would keep from
        // its end.
        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(SampleOrders.Placed()));
        _writer = ActivatorUtilities.CreateInstance<ProjectionWriter>(_parts.App.Services, (IEnumerable<IFollower>)[.. _parts.App.Services.GetServices<IFollower>(), _follower]);
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData(nameof(BatchCommitter))]
    [InlineData(nameof(TableProjection))]
    [InlineData(nameof(RedriveStep))]
    [InlineData(nameof(OrderRepair))]
    public async Task A_second_follower_gets_what_each_writer_writes(string writer)
    {
        await WriteAsync(writer);

        (await CommittedAsync()).ShouldBe((1, 1));
        _follower.Begun.ShouldBe([_order.OrderId]);
        _follower.Completed.ShouldBe([_order.OrderId]);
        _follower.Withdrawn.ShouldBeEmpty();
        (await fixture.CachedAsync(_order.OrderId))["v"].ShouldBe("1", "the first follower is not forgotten for it");
    }

    [Theory]
    [InlineData(nameof(BatchCommitter))]
    [InlineData(nameof(TableProjection))]
    [InlineData(nameof(RedriveStep))]
    [InlineData(nameof(OrderRepair))]
    public async Task What_a_follower_refuses_is_not_committed_and_is_begun_anew(string writer)
    {
        _follower.Refuses = true;

        await WriteAsync(writer).ContinueWith(_ => { }, TaskScheduler.Default);

        (await CommittedAsync()).ShouldBe((0, 0));
        _follower.Refusals.ShouldBeGreaterThan(0);
        _follower.Completed.ShouldBeEmpty();
        _follower.Withdrawn.ShouldBe([_order.OrderId]);

        _follower.Refuses = false;
        await WriteAsync(writer);
        (await CommittedAsync()).ShouldBe((1, 1));
    }

    private async Task<(int Orders, int OfFollower)> CommittedAsync() =>
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = @OrderId", _order), await fixture.ScalarAsync<int>("SELECT count(*) FROM follower WHERE order_id = @OrderId", _order));

    private T Make<T>() => ActivatorUtilities.CreateInstance<T>(_parts.App.Services, _writer);

    private Task WriteAsync(string writer) => writer switch
    {
        nameof(BatchCommitter) => ApplyAsync(),
        nameof(TableProjection) => TakeSnapshotAsync(),
        nameof(RedriveStep) => RedriveAsync(),
        _ => Make<OrderRepair>().RepairAsync([_order.OrderId], lease: null, CancellationToken.None),
    };

    private async Task ApplyAsync()
    {
        var record = StreamRecords.Insert(_order);
        var (writing, written) = await Make<BatchCommitter>().CommitAsync(new ShardBatch(await fixture.LeaseAsync(), [record], EndsShard: false), ChangeSet.From([record]), plan: null, CancellationToken.None);
        await writing.FinishAsync(written, CancellationToken.None);
    }

    private async Task TakeSnapshotAsync()
    {
        await fixture.ExecuteAsync("TRUNCATE sync.snapshots CASCADE");
        var lease = (await _parts.Get<SnapshotStore>().TryAcquireAsync(await _parts.BeginAsync(), "tests", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
        await Make<TableProjection>().CommitAsync(lease, ChangeSet.Of([OrderChange.Found(_order)]), [], CancellationToken.None);
    }

    private async Task RedriveAsync()
    {
        StreamRecord record = StreamRecords.Insert(_order);
        var item = ItemKey.Of(record.Keys);
        await using var keeping = fixture.Database.CreateBatch();
        keeping.BatchCommands.Add(DeadLetterCommands.Keep(await fixture.LeaseAsync(), [new DeadLetter(record, item, _order.MerchantId, "refused")]));
        await keeping.ExecuteNonQueryAsync();
        await Make<RedriveStep>().RunAsync([item], limit: 10, CancellationToken.None);
    }

    private sealed class Follower : IFollower
    {
        public bool Refuses { get; set; }

        public int Refusals { get; private set; }

        public HashSet<Guid> Begun { get; } = [];

        public HashSet<Guid> Completed { get; } = [];

        public HashSet<Guid> Withdrawn { get; } = [];

        public Task<IFollowerCommit> BeginAsync(IReadOnlyCollection<OrderChange> newest, CancellationToken cancellationToken) =>
            BeginBesideAsync([.. newest.Select(change => change.OrderId)], cancellationToken);

        public Task<IFollowerCommit> BeginBesideAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
        {
            Begun.UnionWith(orderIds);
            return Task.FromResult<IFollowerCommit>(new Commit(this, orderIds));
        }

        private sealed class Commit(Follower follower, IReadOnlyCollection<Guid> orderIds) : IFollowerCommit
        {
            public IEnumerable<NpgsqlBatchCommand> Commands() =>
                [new("INSERT INTO follower SELECT unnest($1) WHERE 1 / $2 > 0") { Parameters = { new() { Value = orderIds.ToArray() }, new() { Value = follower.Refuses ? 0 : 1 } } }];

            public void Refused(PostgresException refusal) => follower.Refusals++;

            public Task CompleteAsync(ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken)
            {
                follower.Completed.UnionWith(changes.Newest.Select(change => change.OrderId).Except(refused));
                return Task.CompletedTask;
            }

            public Task CompleteAsync(IReadOnlyCollection<ProjectedOrder> orders, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken)
            {
                follower.Completed.UnionWith(orders.Select(order => order.OrderId));
                follower.Withdrawn.UnionWith(withdrawn);
                return Task.CompletedTask;
            }
        }
    }
}
