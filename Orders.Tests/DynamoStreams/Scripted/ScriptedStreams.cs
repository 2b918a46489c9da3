using System.Text;
using DynamoStreams.Api;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>
/// The Streams API as the service behaves and emulators do not: shards that split, trim, vanish and hide, iterators that expire, throttles, empty
/// pages. The tests write the script. Everything it answers is taken from the service's documentation.
/// </summary>
internal sealed class ScriptedStreams : IStreamsApi
{
    private readonly Lock _lock = new();
    private readonly List<(string StreamArn, List<ScriptedShard> Shards)> _streams = [];
    private readonly Dictionary<string, Queue<StreamsFailure>> _failures = new(StringComparer.Ordinal);
    private long _sequence = 100_000_000_000_000_000;
    private int _iteratorGeneration;

    public ScriptedStreams(string table = "orders") => AddStream($"arn:aws:dynamodb:eu-west-1:1:table/{table}/stream/2026-01-01");

    /// <summary>Records in a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Shards in a page of DescribeStream.</summary>
    public int ListingSize { get; set; } = 100;

    public string ViewType { get; set; } = "NEW_AND_OLD_IMAGES";

    /// <summary>Every call, in order: the operation and the shard.</summary>
    public List<string> Calls { get; } = [];

    public string AddStream(string streamArn)
    {
        lock (_lock)
        {
            _streams.Add((streamArn, []));
            return streamArn;
        }
    }

    public void RemoveStream(string streamArn)
    {
        lock (_lock)
        {
            _streams.RemoveAll(stream => stream.StreamArn == streamArn);
        }
    }

    public ScriptedShard AddShard(string shardId, string? parentShardId = null, string? streamArn = null)
    {
        lock (_lock)
        {
            var shard = new ScriptedShard(shardId, parentShardId);
            (streamArn is null ? _streams[^1] : _streams.Single(stream => stream.StreamArn == streamArn)).Shards.Add(shard);
            return shard;
        }
    }

    /// <summary>Closes a shard and opens its children.</summary>
    public IReadOnlyList<ScriptedShard> Split(ScriptedShard parent, params string[] children)
    {
        lock (_lock)
        {
            parent.Closed = true;
            return [.. children.Select(child => AddShard(child, parent.ShardId, _streams.Single(stream => stream.Shards.Contains(parent)).StreamArn))];
        }
    }

    /// <summary>Writes an item: a record at the end of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="item">The item's key.</param>
    public StreamRecord Write(ScriptedShard shard, string item)
    {
        lock (_lock)
        {
            var sequence = (++_sequence).ToString() + "0000000001";
            var json = Encoding.UTF8.GetBytes($$$"""{"pk":{"S":"{{{item}}}"}}""");
            var record = new StreamRecord
            {
                EventId = $"event-{sequence}",
                Event = StreamEvent.Insert,
                SequenceNumber = sequence,
                Keys = json,
                NewImage = json,
                OldImage = default,
                Json = json,
                ApproximateCreation = DateTimeOffset.UnixEpoch,
                IsTimeToLive = false,
            };
            shard.Records.Add(record);
            return record;
        }
    }

    /// <summary>Makes the next calls of an operation fail.</summary>
    public void Fail(string operation, StreamsFailure failure, int times = 1)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(operation, out var queue))
            {
                _failures[operation] = queue = [];
            }

            for (var i = 0; i < times; i++)
            {
                queue.Enqueue(failure);
            }
        }
    }

    /// <summary>Fifteen minutes pass: no iterator handed out so far is good any more.</summary>
    public void ExpireIterators() => Interlocked.Increment(ref _iteratorGeneration);

    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Enter("ListStreams", "");
            return Task.FromResult<IReadOnlyList<StreamSummary>>([.. _streams.Select(stream => new StreamSummary(stream.StreamArn, stream.StreamArn))]);
        }
    }

    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Enter("DescribeStream", afterShardId ?? "");
            var shards = Shards(streamArn).Where(shard => !shard.Gone && (afterShardId is null || string.CompareOrdinal(shard.ShardId, afterShardId) > 0))
                .OrderBy(shard => shard.ShardId, StringComparer.Ordinal).ToList();
            var page = shards.Take(ListingSize).ToList();
            var listed = page.Where(shard => shard.HiddenListings-- <= 0).Select(shard => new ShardDescription(shard.ShardId, shard.ParentShardId)).ToList();
            return Task.FromResult(new StreamDescription("ENABLED", ViewType, listed, shards.Count > page.Count ? page[^1].ShardId : null));
        }
    }

    public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Enter("GetShardIterator", shardId);
            var shard = Shard(streamArn, shardId);
            var index = afterSequenceNumber is null ? shard.TrimmedBefore : shard.Records.FindIndex(record => record.SequenceNumber == afterSequenceNumber) + 1;
            if (index < shard.TrimmedBefore)
            {
                throw new StreamsException(StreamsFailure.TrimmedData, "the sequence number is before the trim horizon");
            }

            return Task.FromResult(Iterator(streamArn, shardId, index));
        }
    }

    public Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var parts = shardIterator.Split('|');
            Enter("GetRecords", parts[1]);
            var shard = Shard(parts[0], parts[1]);
            var index = int.Parse(parts[2]);
            if (int.Parse(parts[3]) != _iteratorGeneration)
            {
                throw new StreamsException(StreamsFailure.ExpiredIterator, "the iterator is older than 15 minutes");
            }

            if (index < shard.TrimmedBefore)
            {
                throw new StreamsException(StreamsFailure.TrimmedData, "the iterator points before the trim horizon");
            }

            if (shard.EmptyPages > 0)
            {
                shard.EmptyPages--;
                return Task.FromResult(new RecordPage([], Iterator(parts[0], parts[1], index)));
            }

            var records = shard.Records.Skip(index).Take(PageSize).ToList();
            var end = index + records.Count;
            return Task.FromResult(new RecordPage(records, shard.Closed && end == shard.Records.Count ? null : Iterator(parts[0], parts[1], end), bytes: records.Count * 100));
        }
    }

    private string Iterator(string streamArn, string shardId, int index) => $"{streamArn}|{shardId}|{index}|{_iteratorGeneration}";

    private List<ScriptedShard> Shards(string streamArn) =>
        _streams.FirstOrDefault(stream => stream.StreamArn == streamArn).Shards ?? throw new StreamsException(StreamsFailure.NotFound, $"no stream {streamArn}");

    private ScriptedShard Shard(string streamArn, string shardId) =>
        Shards(streamArn).Find(shard => shard.ShardId == shardId && !shard.Gone) ?? throw new StreamsException(StreamsFailure.NotFound, $"no shard {shardId}");

    private void Enter(string operation, string shardId)
    {
        Calls.Add($"{operation} {shardId}");
        if (_failures.TryGetValue(operation, out var queue) && queue.TryDequeue(out var failure))
        {
            throw new StreamsException(failure, "scripted");
        }
    }
}
