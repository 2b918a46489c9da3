using DynamoStreams;
using DynamoStreams.Applying;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;
using Xunit;

namespace Orders.Tests.DynamoStreams.Applying;

/// <summary>What readiness is judged by. The clock is turned by the test; everything else runs as it does.</summary>
public sealed class ProgressTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ScriptedStreams _streams = new();
    private readonly LateTime _time = new();

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_shard_with_nothing_to_read_is_never_stalled()
    {
        _streams.Write(_streams.AddShard("shard-1"), "a");
        await using var consumer = Start(bench.Handler());
        await bench.NotedAsync(1);
        await Eventually.HoldsAsync(() => Task.FromResult(consumer.Consumer.Progress.Shards is [{ IsCaughtUp: true }]));

        _time.Advance(Hour);

        await StalledAsync(consumer.Consumer, forAnHour: false);
    }

    [Fact]
    public async Task One_that_is_behind_is_stalled_while_nothing_is_applied_and_no_longer_once_something_is()
    {
        var handler = new OneAtATime(bench.Handler());
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        await using var consumer = Start(handler);
        await handler.CameAsync(1);

        _time.Advance(Hour);
        await StalledAsync(consumer.Consumer, forAnHour: true);

        // It stays behind: the next batch waits as this one did.
        _streams.Write(shard, "b");
        handler.Go.Release();
        await handler.CameAsync(2);
        await StalledAsync(consumer.Consumer, forAnHour: false);
        handler.Go.Release();
    }

    private Task StalledAsync(StreamConsumer consumer, bool forAnHour) =>
        Eventually.HoldsAsync(() => Task.FromResult(consumer.Progress.Shards.Count == 1 && consumer.Progress.StalledFor(_time.GetUtcNow()) >= Hour == forAnHour));

    private ConsumerBench.RunningConsumer Start(IBatchHandler handler)
    {
        var options = ConsumerBench.Options();
        return new(new StreamConsumer(_streams, bench.Leases, handler, options, _time, NullLogger<StreamConsumer>.Instance), options);
    }

    /// <summary>The system's clock, set forward.</summary>
    private sealed class LateTime : TimeProvider
    {
        private long _late;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _late, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _late));

        public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _late);
    }

    /// <summary>Applies a batch when the test says so.</summary>
    private sealed class OneAtATime(IBatchHandler handler) : IBatchHandler
    {
        private int _came;

        public SemaphoreSlim Go { get; } = new(0);

        public Task CameAsync(int batches) => Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref _came) == batches));

        public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _came);
            await Go.WaitAsync(cancellationToken);
            await handler.ApplyAsync(batch, cancellationToken);
        }

        public FailureKind Classify(Exception failure) => handler.Classify(failure);

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => handler.SetAsideAsync(batch, failure, cancellationToken);
    }
}
