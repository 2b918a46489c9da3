using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Applying;

/// <summary>
/// What readiness is judged by. The clock is turned by the test; everything else runs as it does.
/// </summary>
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

    [Fact]
    public async Task One_whose_last_records_are_still_being_applied_is_not_caught_up_whatever_its_polls_say()
    {
        var handler = new OneAtATime(bench.Handler());
        _streams.Write(_streams.AddShard("shard-1"), "a");
        await using var consumer = Start(handler);
        await handler.CameAsync(1);

        await Eventually.HoldsAsync(() => Task.FromResult(consumer.Consumer.Progress.Shards is [{ IdlePolls: > 5 }]));

        consumer.Consumer.Progress.Shards.ShouldHaveSingleItem().IsCaughtUp.ShouldBeFalse();
        handler.Go.Release();
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);
    }

    [Fact]
    public async Task One_that_rolls_after_an_idle_hour_is_behind_since_a_moment_ago()
    {
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a");
        await using var consumer = Start(bench.Handler());
        await bench.NotedAsync(1);
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);
        _time.Advance(Hour);
        await StalledAsync(consumer.Consumer, forAnHour: false);

        shard.EmptyPagesAtEnd = int.MaxValue;
        _streams.Split(shard, "shard-2");

        await CaughtUpAsync(consumer.Consumer, isCaughtUp: false);
        consumer.Consumer.Progress.StalledFor(_time.GetUtcNow()).ShouldBeLessThan(Hour);
        _time.Advance(Hour);
        await StalledAsync(consumer.Consumer, forAnHour: true);
    }

    [Fact]
    public async Task One_whose_call_is_not_answered_is_neither_caught_up_nor_readable_since_the_call_began()
    {
        _streams.Write(_streams.AddShard("shard-1"), "a");
        var api = new HangingApi(_streams);
        await using var consumer = Start(bench.Handler(), api);
        await bench.NotedAsync(1);
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);
        var progress = consumer.Consumer.Progress;
        progress.ReadsFailFor(_time.GetUtcNow()).ShouldBe(TimeSpan.Zero);

        api.Hang();
        await Eventually.HoldsAsync(() => Task.FromResult(api.IsHanging));
        _time.Advance(TimeSpan.FromSeconds(3));

        await CaughtUpAsync(consumer.Consumer, isCaughtUp: false);
        progress.ReadsFailFor(_time.GetUtcNow()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
        api.Answer(new StreamsException(StreamsFailure.Unavailable, "time-out"));
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);
        progress.ReadsFailFor(_time.GetUtcNow()).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task One_whose_calls_fail_is_not_readable_since_the_first_of_them_until_one_succeeds()
    {
        _streams.Write(_streams.AddShard("shard-1"), "a");
        var api = new HangingApi(_streams);
        await using var consumer = Start(bench.Handler(), api);
        await bench.NotedAsync(1);
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);
        var progress = consumer.Consumer.Progress;

        api.Failure = new StreamsException(StreamsFailure.AccessDenied, "denied");
        await Eventually.HoldsAsync(() => Task.FromResult(progress.ReadsFailFor(_time.GetUtcNow()) > TimeSpan.Zero));
        _time.Advance(Hour);

        progress.ReadsFailFor(_time.GetUtcNow()).ShouldBeGreaterThanOrEqualTo(Hour);
        api.Failure = null;
        await Eventually.HoldsAsync(() => Task.FromResult(progress.ReadsFailFor(_time.GetUtcNow()) == TimeSpan.Zero));
    }

    [Fact]
    public async Task One_whose_call_is_not_answered_is_known_to_be_current_up_to_the_call_before_it()
    {
        _streams.Write(_streams.AddShard("shard-1"), "a");
        var api = new HangingApi(_streams);
        await using var consumer = Start(bench.Handler(), api);
        await bench.NotedAsync(1);
        await CaughtUpAsync(consumer.Consumer, isCaughtUp: true);

        api.Hang();
        await Eventually.HoldsAsync(() => Task.FromResult(api.IsHanging));
        var hangs = new { At = await bench.ScalarAsync<DateTime>("SELECT clock_timestamp()") };
        var heartbeat = new { At = await bench.ScalarAsync<DateTime>("SELECT max(alive_until) + interval '0.5 seconds' FROM sync.instances") };
        await Eventually.HoldsAsync(() => bench.ScalarAsync<bool>("SELECT max(alive_until) > @At FROM sync.instances", heartbeat));

        (await bench.ScalarAsync<bool>("SELECT caught_up_at < @At FROM sync.shards", hangs)).ShouldBeTrue();
    }

    [Fact]
    public async Task Where_no_heartbeat_ever_succeeded_they_are_missed_since_the_start()
    {
        await using var consumer = Start(bench.Handler(), leases: new SilentStore(bench.Leases));

        _time.Advance(Hour);

        consumer.Consumer.Progress.SinceHeartbeat(_time.GetUtcNow()).ShouldBeGreaterThanOrEqualTo(Hour);
    }

    private static Task CaughtUpAsync(StreamConsumer consumer, bool isCaughtUp) =>
        Eventually.HoldsAsync(() => Task.FromResult(consumer.Progress.Shards is [var shard] && shard.IsCaughtUp == isCaughtUp));

    private Task StalledAsync(StreamConsumer consumer, bool forAnHour) =>
        Eventually.HoldsAsync(() => Task.FromResult(consumer.Progress.Shards.Count == 1 && consumer.Progress.StalledFor(_time.GetUtcNow()) >= Hour == forAnHour));

    private ConsumerBench.RunningConsumer Start(IBatchHandler handler, IStreamsApi? api = null, ILeaseStore? leases = null)
    {
        var options = ConsumerBench.Options();
        return new(new StreamConsumer(api ?? _streams, leases ?? bench.Leases, handler, options, _time, NullLogger<StreamConsumer>.Instance), options);
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

    /// <summary>Does not answer GetRecords while it hangs, and fails while it is to.</summary>
    private sealed class HangingApi(IStreamsApi api) : IStreamsApi
    {
        private volatile TaskCompletionSource? _answer;
        private volatile StreamsException? _failure;
        private volatile bool _isHanging;

        /// <summary>What calls fail with; null where they do not.</summary>
        public StreamsException? Failure
        {
            set => _failure = value;
        }

        /// <summary>Whether a call waits.</summary>
        public bool IsHanging => _isHanging;

        public void Hang() => _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(Exception failure)
        {
            var answer = _answer!;
            _answer = null;
            answer.SetException(failure);
        }

        public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => api.ListStreamsAsync(tableName, cancellationToken);

        public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
            api.DescribeStreamAsync(streamArn, afterShardId, childrenOf, cancellationToken);

        public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
            api.GetShardIteratorAsync(streamArn, shardId, afterSequenceNumber, cancellationToken);

        public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
        {
            if (_answer is { } answer)
            {
                _isHanging = true;
                await answer.Task.WaitAsync(cancellationToken);
            }

            if (_failure is { } failure)
            {
                throw failure;
            }

            return await api.GetRecordsAsync(shardIterator, cancellationToken);
        }
    }

    /// <summary>Takes no heartbeats.</summary>
    private sealed class SilentStore(ILeaseStore store) : DelegatingLeaseStore(store)
    {
        public override Task HeartbeatAsync(
            string tableName, string owner, TimeSpan duration, IReadOnlyList<(ShardLease Lease, TimeSpan? CaughtUp)> held, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("refused");
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
