using DynamoStreams;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Domain;
using Orders.Tests.DynamoStreams.Scripted;
using Orders.Tests.Sync;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Consuming;

/// <summary>
/// The shards of a stream split and roll while instances are killed: each change is in the lake once.
/// </summary>
public sealed class ShardSplitTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private const int Count = 12;
    private const int Rows = Count + Count + (Count / 2);

    private readonly WarehouseParts _parts = new(fixture);
    private readonly ScriptedStreams _streams = new() { PageSize = 2 };

    public async ValueTask InitializeAsync() => await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days, warehouse.shards, warehouse.streams, warehouse.listings");

    public ValueTask DisposeAsync()
    {
        _parts.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_change_is_there_once_however_shards_split_and_instances_die(bool diesAfterItWrote)
    {
        var orders = Enumerable.Range(1, Count).Select(n => SampleOrders.Placed(n)).ToList();
        var parent = _streams.AddShard("shardId-1");
        _streams.Write(parent, [.. orders.Select(StreamRecords.Insert)]);
        var children = _streams.Split(parent, "shardId-2", "shardId-3");
        foreach (var (n, order) in orders.Index())
        {
            _streams.Write(children[n % 2], StreamRecords.Modify(order, order.Next(OrderStatus.Paid)));
        }

        var grandchild = _streams.Split(children[1], "shardId-4")[0];
        foreach (var order in orders.Where((_, n) => n % 2 == 1).Select(order => order.Next(OrderStatus.Paid)))
        {
            _streams.Write(grandchild, StreamRecords.Remove(order));
        }

        for (var death = 1; death <= 4; death++)
        {
            var (died, puts) = (new TaskCompletionSource(), 0);
            Task Die(string _)
            {
                if (Interlocked.Increment(ref puts) < 2)
                {
                    return Task.CompletedTask;
                }

                died.TrySetResult();
                // As a killed process: it never comes to the next step.
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, TestContext.Current.CancellationToken);
            }

            var lake = diesAfterItWrote ? new BreakingLake(_parts.Lake) { AfterPut = Die } : new BreakingLake(_parts.Lake) { BeforePut = Die };
            await RunUntilAsync(lake, async () => died.Task.IsCompleted || await IsLiveAsync());
        }

        await RunUntilAsync(_parts.Lake, IsLiveAsync);

        LakeReading.Scalar($"SELECT count(*) FROM {_parts.Files}").ShouldBe($"{Rows}");
        LakeReading.Scalar($"SELECT count(DISTINCT sequence) FROM {_parts.Files}").ShouldBe($"{Rows}");
        LakeReading.Query($"SELECT change, count(*) FROM {_parts.Files} GROUP BY 1 ORDER BY 1").Select(row => string.Join(' ', row)).ShouldBe(["changed 12", "deleted 6", "placed 12"]);
        LakeReading.Scalar($"SELECT count(*) FROM (SELECT arg_max(change, sequence) AS change FROM {_parts.Files} GROUP BY order_id) WHERE change = 'deleted'").ShouldBe("6");
        (await fixture.ScalarAsync("SELECT count(*) FROM warehouse.files WHERE state = 'noted'")).ShouldBe(0L);
    }

    private async Task<bool> IsLiveAsync() => await fixture.ScalarAsync("SELECT coalesce(sum(rows), 0)::int FROM warehouse.files WHERE state = 'live'") is Rows;

    private async Task RunUntilAsync(ILakeStore lake, Func<Task<bool>> done)
    {
        using var consumer = new StreamConsumer(
            _streams, new PostgresLeaseStore(fixture.Database, LedgerMigrations.Consumer), _parts.Log(lake), ConsumerBench.Options(_streams.Table), TimeProvider.System, NullLogger<StreamConsumer>.Instance);
        using var stop = new CancellationTokenSource();
        var running = consumer.RunAsync(stop.Token);
        await Eventually.HoldsAsync(done);
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System).ContinueWith(_ => { }, TaskScheduler.Default);
        await fixture.ExecuteAsync("UPDATE warehouse.shards SET owner = NULL");
    }
}
