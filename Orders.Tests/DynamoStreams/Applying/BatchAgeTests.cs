using DynamoStreams.Applying;
using DynamoStreams.Testing;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Applying;

/// <summary>A batch waits for more records, but never for ever.</summary>
public sealed class BatchAgeTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private static readonly TimeSpan ForEver = TimeSpan.FromHours(1);

    private readonly ScriptedStreams _streams = new();
    private Sizes _handler = null!;

    public async ValueTask InitializeAsync()
    {
        await bench.ResetAsync();
        _handler = new(bench);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Records_wait_until_the_batch_is_full()
    {
        var shard = _streams.AddShard("shard-1");
        await using var consumer = bench.Start(_streams, _handler, options => options with { BatchAge = ForEver, MaxBatch = 3 });
        foreach (var item in (string[])["a", "b", "c"])
        {
            _streams.Write(shard, item);
            await ReadAsync();
        }

        await bench.NotedAsync(3);
        _handler.All.ShouldBe([3]);
    }

    [Fact]
    public async Task A_batch_ends_at_its_age()
    {
        var shard = _streams.AddShard("shard-1");
        await using var consumer = bench.Start(_streams, _handler, options => options with { BatchAge = TimeSpan.FromMilliseconds(300) });

        _streams.Write(shard, "a");

        await bench.NotedAsync(1);
    }

    [Fact]
    public async Task A_batch_ends_with_its_shard()
    {
        var shard = _streams.AddShard("shard-1");
        await using var consumer = bench.Start(_streams, _handler, options => options with { BatchAge = ForEver });
        _streams.Write(shard, "a", "b");
        await ReadAsync();

        _streams.Split(shard, "shard-2", "shard-3");

        await bench.NotedAsync(2);
        await bench.HoldsAsync("SELECT count(*) = 1 FROM sync.shards WHERE shard_id = 'shard-1' AND finished_at IS NOT NULL");
    }

    [Fact]
    public async Task A_batch_ends_when_a_shard_waits_for_the_bytes_that_it_holds()
    {
        _streams.PageSize = 1;
        _streams.RecordBytes = 1_000;
        _streams.Write(_streams.AddShard("shard-1"), "a", "b", "c", "d");
        await using var consumer = bench.Start(_streams, _handler, options => options with { BatchAge = ForEver, ReadAheadBytes = 2_500 });

        await bench.NotedAsync(2);
    }

    [Fact]
    public async Task What_waits_is_read_again_by_the_next_one_after_a_stop_and_holds_nothing_up()
    {
        var shard = _streams.AddShard("shard-1");
        await using (var stopped = bench.Start(_streams, _handler, options => options with { BatchAge = ForEver }))
        {
            _streams.Write(shard, "a");
            await ReadAsync();
            stopped.Consumer.Progress.Shards.ShouldAllBe(one => !one.IsCaughtUp, "what waits is not applied");
            await stopped.StopAsync();
        }

        (await bench.NotedAsync()).ShouldBeEmpty();
        await using var next = bench.Start(_streams, _handler);

        await bench.NotedAsync(1);
    }

    // Twice since now, so that the answer of one that began before does not count.
    private async Task ReadAsync()
    {
        var before = _streams.CallsOf("GetRecords");
        await Eventually.HoldsAsync(() => Task.FromResult(_streams.CallsOf("GetRecords") >= before + 2));
    }

    private sealed class Sizes(ConsumerBench bench) : IBatchHandler
    {
        private readonly NotingHandler _handler = bench.Handler();

        public List<int> All { get; } = [];

        public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            lock (All)
            {
                All.Add(batch.Records.Count);
            }

            return _handler.ApplyAsync(batch, cancellationToken);
        }

        public FailureKind Classify(Exception failure) => _handler.Classify(failure);

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => _handler.SetAsideAsync(batch, failure, cancellationToken);
    }
}
