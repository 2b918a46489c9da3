using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;

namespace Orders.Tests.DynamoStreams.Lineage;

/// <summary>
/// Lists by the product's own lister, reads one ready shard's page at a time, in random order: no clock, no
/// threads, no database.
/// </summary>
internal sealed class SimulatedConsumer
{
    private static readonly StreamConsumerOptions Options = new() { TableName = "orders" };

    private readonly Random _random;
    private readonly MemoryLeaseStore _store = new();
    private readonly StreamLister _lister;
    private readonly ChildFilter _filter = new();
    private readonly Dictionary<ShardKey, string?> _read = [];
    private readonly Dictionary<ShardKey, EndSearch> _searches = [];
    private readonly HashSet<ShardKey> _saidToEnd = [];

    public SimulatedConsumer(int seed, bool trims)
    {
        _random = new Random(seed);
        Service = new SimulatedService(_random, trims);
        Service.Streams.PageSize = _random.Next(1, 4);
        Service.Streams.Filter = (FilterSupport)_random.Next(3);
        _lister = new StreamLister(Service.Streams, _store, Options, new VirtualTime(), NullLogger.Instance);
        Service.Open();
        for (var i = _random.Next(20); i > 0; i--)
        {
            Service.Step();
        }

        if (trims)
        {
            Service.TrimBeforeTheStart();
        }
    }

    public SimulatedService Service { get; }

    public List<string> Read { get; } = [];

    public int Gaps => _store.Gaps.Count(gap => gap.ShardId.Length > 0);

    public void RunToTheEnd()
    {
        for (var i = 0; i < 150; i++)
        {
            Service.Step();
            Turn();
        }

        // Nothing is written any more: all that is there must come within a bounded number of turns.
        for (var quiet = 0; quiet < 40;)
        {
            var before = Read.Count + _store.Changes;
            for (var i = 0; i < 10; i++)
            {
                Turn();
            }

            quiet = Read.Count + _store.Changes == before ? quiet + 1 : 0;
        }
    }

    // Every call of the simulated service completes at once, and the clock is one that nobody waits for.
    private void Turn()
    {
        if (_random.Next(2) == 0)
        {
            _lister.ListWhenDueAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        var ready = ShardLineage.Ready(_store.OpenShards(Options.TableName));
        if (ready.Count > 0)
        {
            ReadPage(ready[_random.Next(ready.Count)]);
        }
    }

    private void ReadPage(ShardState shard)
    {
        try
        {
            var iterator = Service.Streams.GetShardIteratorAsync(shard.StreamArn, shard.ShardId, _read.GetValueOrDefault(shard.Key), CancellationToken.None).GetAwaiter().GetResult();
            var page = Service.Streams.GetRecordsAsync(iterator, CancellationToken.None).GetAwaiter().GetResult();
            Read.AddRange(page.Records.Select(record => record.EventId));
            if (page.Records.Count > 0)
            {
                _read[shard.Key] = page.Records[^1].SequenceNumber;
            }

            if (page.NextShardIterator is null)
            {
                _saidToEnd.Add(shard.Key);
                EndWithSign(shard.Key);
            }
        }
        catch (StreamsException gone) when (gone.Failure is StreamsFailure.NotFound)
        {
            _store.Finish(shard.Key, isGap: !_saidToEnd.Contains(shard.Key), _read.GetValueOrDefault(shard.Key));
        }
    }

    private void EndWithSign(ShardKey key)
    {
        if (!_searches.TryGetValue(key, out var search))
        {
            _searches[key] = search = new EndSearch(Service.Streams, _store, key, Options.ListingPace, _filter, new VirtualTime(), NullLogger.Instance);
        }

        if (_store.HasChild(key))
        {
            search.ChildIsKnown();
        }

        if (search.FindAsync(_read.GetValueOrDefault(key), CancellationToken.None).GetAwaiter().GetResult())
        {
            _store.Finish(key, isGap: false, _read.GetValueOrDefault(key));
        }
    }
}
