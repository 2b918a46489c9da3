using System.Threading.Channels;
using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Reading;
using DynamoStreams.Scheduling;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;

namespace Orders.Tests.DynamoStreams.Reading;

/// <summary>A reader of shard-1 with the product's own waits, by a clock that nobody waits for.</summary>
internal sealed class VirtualReading
{
    private readonly VirtualTime _time = new();
    private readonly ReadAheadBudget.Account _budget = new ReadAheadBudget(32 * 1024 * 1024).Open();

    public ScriptedStreams Streams { get; } = new();

    /// <summary>Whether the shard's stream is gone.</summary>
    public bool EndsWhenEmpty { get; init; }

    public PollingOptions Polling { get; init; } = new() { Jitter = () => 0 };

    public bool HasEnded { get; private set; }

    /// <summary>The gaps that were written down.</summary>
    public int Gaps { get; private set; }

    public int Records { get; private set; }

    public TimeSpan ElapsedAtLastRecord { get; private set; }

    public async Task RunAsync(Func<VirtualTime, bool> until)
    {
        using var stop = new CancellationTokenSource();
        var pages = Channel.CreateUnbounded<ReadPage>();
        var api = new WatchedApi(Streams, () =>
        {
            while (pages.Reader.TryRead(out var page))
            {
                Records += page.Page.Records.Count;
                ElapsedAtLastRecord = _time.Elapsed;
                _budget.Release(page.Reserved);
            }

            if (until(_time))
            {
                stop.Cancel();
            }
        });
        var leases = new MemoryLeaseStore();
        ILeaseStore store = leases;
        await leases.AddAsync([(Streams.Current.StreamArn, new ShardDescription("shard-1", null))], CancellationToken.None);
        var lease = (await store.TryAcquireAsync(new ShardState(Streams.Current.StreamArn, "shard-1", null, false, true), "tests", TimeSpan.FromDays(1), CancellationToken.None))!;
        var search = new EndSearch(api, leases, new(lease.StreamArn, lease.ShardId), new StreamConsumerOptions { TableName = "orders" }.ListingPace, new ChildFilter(), _time, NullLogger.Instance);
        var reader = new ShardReader(api, leases, lease, Polling, _budget, search, _time, NullLogger.Instance);
        if (EndsWhenEmpty)
        {
            reader.EndWhenEmpty();
        }

        var reading = reader.RunAsync(pages.Writer, stop.Token);
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Gaps = leases.Gaps.Count;
        HasEnded = reading.IsCompletedSuccessfully;
    }

    private sealed class WatchedApi(IStreamsApi api, Action before) : IStreamsApi
    {
        public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => api.ListStreamsAsync(tableName, cancellationToken);

        public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
            api.DescribeStreamAsync(streamArn, afterShardId, childrenOf, cancellationToken);

        public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
            api.GetShardIteratorAsync(streamArn, shardId, afterSequenceNumber, cancellationToken);

        public Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
        {
            before();
            cancellationToken.ThrowIfCancellationRequested();
            return api.GetRecordsAsync(shardIterator, cancellationToken);
        }
    }
}
