using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Applying;

/// <summary>
/// What goes on beside the commit of a batch: the next is prepared, and what follows the one before is
/// finished.
/// </summary>
public sealed class OverlapTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private readonly ScriptedStreams _streams = new();

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_next_batch_is_prepared_while_this_one_is_applied()
    {
        var handler = new Handler(bench.Handler());
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        await using var consumer = bench.Start(_streams, handler);
        await Eventually.HoldsAsync(() => Task.FromResult(handler.Applying == 1));

        _streams.Write(shard, "b");
        await Eventually.HoldsAsync(() => Task.FromResult(handler.Prepared == 2));
        handler.Go.Release(2);

        await bench.NotedAsync(2);
        handler.CameUnprepared.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_prepared_is_applied_all_the_same()
    {
        var handler = new Handler(bench.Handler()) { FailsToPrepare = true };
        handler.Go.Release();
        _streams.Write(_streams.AddShard("shard-1"), "a");

        await using var consumer = bench.Start(_streams, handler);

        await bench.NotedAsync(1);
    }

    [Fact]
    public async Task A_shard_is_caught_up_when_what_follows_its_last_batch_is_done()
    {
        var handler = new Handler(bench.Handler()) { Following = new() };
        handler.Go.Release(2);
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        await using var consumer = bench.Start(_streams, handler);
        await bench.NotedAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(handler.IsAsked));
        consumer.Consumer.Progress.Shards.ShouldAllBe(one => !one.IsCaughtUp);

        handler.Following.SetResult();

        await Eventually.HoldsAsync(() => Task.FromResult(consumer.Consumer.Progress.Shards is [{ IsCaughtUp: true }]));
    }

    private sealed class Handler(IBatchHandler handler) : IBatchHandler
    {
        private int _applying;
        private int _prepared;

        public SemaphoreSlim Go { get; } = new(0);

        public TaskCompletionSource? Following { get; init; }

        public bool FailsToPrepare { get; init; }

        public int Applying => _applying;

        public int Prepared => _prepared;

        public int CameUnprepared { get; private set; }

        public bool IsAsked { get; private set; }

        public PreparedBatch Prepare(ShardBatch batch)
        {
            Interlocked.Increment(ref _prepared);
            return FailsToPrepare ? throw new InvalidOperationException("cannot") : cancellationToken => ApplyPreparedAsync(batch, cancellationToken);
        }

        public Task SettledAsync(ShardLease lease)
        {
            IsAsked = true;
            return Following?.Task.WaitAsync(TimeSpan.FromMinutes(2)) ?? Task.CompletedTask;
        }

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            CameUnprepared++;
            return ApplyPreparedAsync(batch, cancellationToken);
        }

        private async Task ApplyPreparedAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _applying);
            await Go.WaitAsync(cancellationToken);
            await handler.ApplyAsync(batch, cancellationToken);
        }

        public FailureKind Classify(Exception failure) => handler.Classify(failure);

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => handler.SetAsideAsync(batch, failure, cancellationToken);
    }
}
