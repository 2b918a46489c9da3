using System.Buffers;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Npgsql;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Reading;

public sealed class BacklogTests(ConsumerBench bench, ITestOutputHelper output) : IClassFixture<ConsumerBench>
{
    private const int Backlog = 500_000;
    private const int Shards = 50;
    private const int PageRecords = 1000;
    private const int PageBytes = 1000 * 1000;

    [Fact]
    public async Task Draining_takes_memory_that_does_not_depend_on_the_backlog()
    {
        await bench.ResetAsync();
        var api = new FullPages();
        var handler = new SlowHandler(bench.Database, api);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var consumer = bench.Start(api, handler, ConsumerBench.Options());

        await bench.HoldsAsync($"SELECT coalesce(sum(records), 0) = {Backlog} FROM sync.shards");

        output.WriteLine(
            $"a backlog of {Backlog:n0} records ({(long)Backlog / PageRecords * PageBytes / 1_000_000:n0} MB) in {Shards} shards: at most {handler.MostHeld / 1_000_000:n0} MB "
            + $"read and not applied; managed memory grew by at most {Math.Max(0, handler.MostMemory - before) / 1_000_000:n0} MB");
        handler.MostHeld.ShouldBeLessThanOrEqualTo((32L * 1024 * 1024) + (Shards * PageBytes));
    }

    [Fact]
    public async Task The_next_page_is_read_while_this_one_is_applied()
    {
        await bench.ResetAsync();
        var api = new FullPages();
        var handler = new WaitsForTheNextPage(api);
        await using var consumer = bench.Start(api, handler, ConsumerBench.Options());

        await handler.Read.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_shard_that_cannot_be_applied_keeps_no_other_from_being_read()
    {
        const int MostPages = 20;
        await bench.ResetAsync();
        var streams = new ScriptedStreams { PageSize = 1, RecordBytes = 100_000 };
        var stuck = streams.AddShard("shard-1");
        var other = streams.AddShard("shard-2");
        streams.Write(stuck, [.. Enumerable.Range(0, 2 * MostPages).Select(i => $"stuck-{i}")]);
        var handler = bench.Handler();
        handler.Poison["stuck-0"] = new TimeoutException();
        await using var consumer = bench.Start(streams, handler, options => options with { ReadAheadBytes = MostPages * streams.RecordBytes });
        await Eventually.HoldsAsync(() => Task.FromResult(streams.CallsOf("GetRecords shard-1") >= MostPages - 1));

        streams.Write(other, "a", "b", "c");

        await bench.NotedAsync(3);
        (await bench.NotedAsync()).ShouldBe(["a", "b", "c"]);
    }

    /// <summary>Shards whose every page is full, in pooled buffers as the client's are.</summary>
    private sealed class FullPages : IStreamsApi
    {
        private long _answered;

        public long Answered => Interlocked.Read(ref _answered);

        public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StreamSummary>>([new("arn:backlog", "1")]);

        public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
            Task.FromResult(new StreamDescription("DISABLED", "NEW_AND_OLD_IMAGES", [.. Enumerable.Range(0, Shards).Select(i => new ShardDescription($"shard-{i}", null))], null));

        public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
            Task.FromResult(afterSequenceNumber ?? "0");

        public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var first = int.Parse(shardIterator);
            if (first == Backlog / Shards)
            {
                return new RecordPage([], null);
            }

            var buffer = ArrayPool<byte>.Shared.Rent(PageBytes);
            Interlocked.Add(ref _answered, PageBytes);
            var records = Enumerable.Range(first + 1, PageRecords)
                .Select((number, i) => ScriptedStreams.Record(number.ToString(), "item") with { Json = buffer.AsMemory(i * (PageBytes / PageRecords), PageBytes / PageRecords) })
                .ToList();
            return new RecordPage(records, (first + PageRecords).ToString(), buffer, PageBytes);
        }
    }

    /// <summary>Applies more slowly than pages come.</summary>
    private sealed class SlowHandler(NpgsqlDataSource database, FullPages api) : IBatchHandler
    {
        private readonly Lock _lock = new();
        private long _applied;

        public long MostHeld { get; private set; }

        public long MostMemory { get; private set; }

        public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            await Task.Delay(20, cancellationToken);
            await using var statements = database.CreateBatch();
            statements.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null));
            await statements.ExecuteNonQueryAsync(cancellationToken);
            lock (_lock)
            {
                MostHeld = Math.Max(MostHeld, api.Answered - _applied);
                MostMemory = Math.Max(MostMemory, GC.GetTotalMemory(forceFullCollection: false));
                _applied += (long)batch.Records.Count * PageBytes / PageRecords;
            }
        }

        public FailureKind Classify(Exception failure) => FailureKind.Setup;

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>Applies nothing before more is read than it was given.</summary>
    private sealed class WaitsForTheNextPage(FullPages api) : IBatchHandler
    {
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _given;

        public Task Read => _read.Task;

        public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
        {
            var given = Interlocked.Add(ref _given, (long)batch.Records.Count * PageBytes / PageRecords);
            while (api.Answered <= given)
            {
                await Task.Delay(5, cancellationToken);
            }

            _read.TrySetResult();
        }

        public FailureKind Classify(Exception failure) => FailureKind.Setup;

        public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
