using System.Globalization;
using DynamoStreams.Api;

namespace DynamoStreams.Testing;

/// <summary>
/// A scripted Streams API that behaves as the service does and emulators do not: shards that split, are
/// trimmed, removed or omitted from listings; iterators that expire; throttling; empty and repeated pages.
/// The test writes the script. Everything it answers follows the service's documentation.
/// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
/// </summary>
public sealed partial class ScriptedStreams : IStreamsApi
{
    private readonly Lock _lock = new();
    private readonly List<ScriptedStream> _streams = [];
    private readonly Dictionary<string, Queue<StreamsFailure>> _failures = new(StringComparer.Ordinal);
    private readonly List<string> _calls = [];
    private int _iteratorGeneration;
    private int _iteratorsKept;

    /// <summary>Makes a table with an enabled stream that has no shards yet.</summary>
    /// <param name="table">The table's name.</param>
    public ScriptedStreams(string table = "orders")
    {
        Table = table;
        AddStream();
    }

    /// <summary>The table's name.</summary>
    public string Table { get; }

    /// <summary>Records in a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Shards in a page of DescribeStream.</summary>
    public int ListingSize { get; set; } = 100;

    /// <summary>What it does with a ShardFilter.</summary>
    public FilterSupport Filter { get; set; } = FilterSupport.Answers;

    /// <summary>Lists open shards with an EndingSequenceNumber too, as dynoxide does.</summary>
    public bool EndsOpenShards { get; set; }

    /// <summary>The size of a record in bytes.</summary>
    public int RecordBytes { get; set; } = 100;

    /// <summary>Every call, in order: the operation and the shard.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>How often an operation was called.</summary>
    /// <param name="operation">ListStreams, DescribeStream, DescribeChildren, GetShardIterator or
    /// GetRecords; the shard may follow after a space.</param>
    public int CallsOf(string operation)
    {
        lock (_lock)
        {
            return _calls.Count(call => call.StartsWith(operation, StringComparison.Ordinal));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => Answer<IReadOnlyList<StreamSummary>>(() =>
    {
        Enter("ListStreams", tableName);
        return tableName != Table ? [] : [.. _streams.Where(stream => stream.HiddenListings-- <= 0).Select(stream => new StreamSummary(stream.StreamArn, stream.StreamArn))];
    });

    /// <inheritdoc/>
    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) => Answer(() =>
    {
        Enter(childrenOf is null ? "DescribeStream" : "DescribeChildren", childrenOf ?? afterShardId ?? "");
        if (childrenOf is not null && Filter == FilterSupport.Refuses)
        {
            throw new StreamsException(StreamsFailure.Invalid, "ValidationException: unknown member ShardFilter");
        }

        var stream = Stream(streamArn);
        var shards = stream.Shards
            .Where(shard => !shard.Gone && (afterShardId is null || string.CompareOrdinal(shard.ShardId, afterShardId) > 0))
            .Where(shard => childrenOf is null || Filter == FilterSupport.Ignores || shard.ParentShardId == childrenOf)
            .OrderBy(shard => shard.ShardId, StringComparer.Ordinal).ToList();
        var page = stream.Status == "ENABLING" ? [] : shards.Take(ListingSize).ToList();
        var listed = page.Where(shard => shard.HiddenListings-- <= 0)
            .Select(shard => new ShardDescription(shard.ShardId, shard.ParentShardId) { EndingSequenceNumber = End(shard) }).ToList();
        return new StreamDescription(stream.Status, stream.ViewType, listed, page.Count > 0 && shards.Count > page.Count ? page[^1].ShardId : null);
    });

    /// <inheritdoc/>
    public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) => Answer(() =>
    {
        Enter("GetShardIterator", shardId);
        var shard = Shard(streamArn, shardId);
        if (shard.FalseNotFounds-- > 0)
        {
            throw new StreamsException(StreamsFailure.NotFound, $"no shard {shardId}");
        }

        var index = afterSequenceNumber is null ? shard.TrimmedBefore : shard.Written.FindIndex(record => record.SequenceNumber == afterSequenceNumber) + 1;
        return index < shard.TrimmedBefore || (afterSequenceNumber is not null && shard.FalseTrims-- > 0)
            ? throw new StreamsException(StreamsFailure.TrimmedData, "the sequence number is before the trim horizon")
            : Iterator(shard, index);
    });

    /// <inheritdoc/>
    public Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken) => Answer(() =>
    {
        var parts = shardIterator.Split('|');
        Enter("GetRecords", parts[1]);
        var shard = Shard(parts[0], parts[1]);
        var index = Number(parts[2]);
        if (Number(parts[3]) != _iteratorGeneration)
        {
            throw new StreamsException(StreamsFailure.ExpiredIterator, "the iterator is older than 15 minutes");
        }

        if (Number(parts[5]) != _iteratorsKept)
        {
            return new RecordPage([], shardIterator);
        }

        if (index < shard.TrimmedBefore)
        {
            throw new StreamsException(StreamsFailure.TrimmedData, "the iterator points before the trim horizon");
        }

        if (shard.EmptyPages > 0)
        {
            shard.EmptyPages--;
            return new RecordPage([], Iterator(shard, index));
        }

        var records = shard.Written.GetRange(index, Math.Min(PageSize, shard.Records.Count - index));
        var end = index + records.Count;
        if (shard.RepeatedPages > 0 && records.Count > 0)
        {
            shard.RepeatedPages--;
            return Page(records, Iterator(shard, index));
        }

        if (shard.NullIterators > 0)
        {
            shard.NullIterators--;
            return Page(records, null);
        }

        var empty = Number(parts[4]);
        var isEnd = shard.Closed && end == shard.Records.Count && empty == shard.EmptyPagesAtEnd;
        return Page(records, isEnd ? null : Iterator(shard, end, records.Count > 0 || !shard.Closed ? 0 : empty + 1));
    });

    private static int Number(string part) => int.Parse(part, CultureInfo.InvariantCulture);

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_lock)
        {
            return Task.FromResult(answer());
        }
    }

    // The service sets it for a closed shard; dynoxide for each shard with records, comparing the numbers as
    // text.
    // https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream
    private string? End(ScriptedShard shard) =>
        EndsOpenShards ? shard.Records.Select(record => record.SequenceNumber).Max(StringComparer.Ordinal)
        : shard.Closed && shard.Records.Count > 0 ? shard.Records[^1].SequenceNumber
        : null;

    private RecordPage Page(List<StreamRecord> records, string? next) => new(records, next, bytes: records.Count * RecordBytes);

    private string Iterator(ScriptedShard shard, int index, int empty = 0) => $"{shard.StreamArn}|{shard.ShardId}|{index}|{_iteratorGeneration}|{empty}|{_iteratorsKept}";

    private ScriptedStream Stream(string streamArn) =>
        _streams.Find(stream => stream.StreamArn == streamArn) ?? throw new StreamsException(StreamsFailure.NotFound, $"no stream {streamArn}");

    private ScriptedShard Shard(string streamArn, string shardId) =>
        Stream(streamArn).Added.Find(shard => shard.ShardId == shardId && !shard.Gone) ?? throw new StreamsException(StreamsFailure.NotFound, $"no shard {shardId}");

    private void Enter(string operation, string subject)
    {
        _calls.Add($"{operation} {subject}");
        if (_failures.TryGetValue(operation, out var queue) && queue.TryDequeue(out var failure))
        {
            throw new StreamsException(failure, "scripted");
        }
    }
}
