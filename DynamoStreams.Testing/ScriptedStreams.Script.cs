using System.Globalization;
using System.Text;
using DynamoStreams.Api;

namespace DynamoStreams.Testing;

/// <content>The script of a test: streams, shards, records and faults.</content>
public sealed partial class ScriptedStreams
{
    private long _sequence = 100_000_000_000_000_000;

    /// <summary>The newest stream.</summary>
    public ScriptedStream Current => _streams[^1];

    /// <summary>The shards of all streams.</summary>
    public IReadOnlyList<ScriptedShard> AllShards => [.. _streams.SelectMany(stream => stream.Shards)];

    /// <summary>Enables the table's stream (again): a new one, with no shards yet.</summary>
    /// <returns>The new stream.</returns>
    public ScriptedStream AddStream()
    {
        lock (_lock)
        {
            _streams.Add(new ScriptedStream($"arn:aws:dynamodb:eu-west-1:1:table/{Table}/stream/2026-01-{_streams.Count + 1:00}"));
            return Current;
        }
    }

    /// <summary>
    /// Disables the current stream: its open shards close, and its records can be read for 24 hours.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    public void Disable()
    {
        lock (_lock)
        {
            Current.Status = "DISABLED";
            Current.HiddenListings = 0;
            Current.Added.ForEach(shard => shard.Closed = true);
        }
    }

    /// <summary>Removes a stream.</summary>
    /// <param name="stream">The stream.</param>
    public void RemoveStream(ScriptedStream stream)
    {
        lock (_lock)
        {
            _streams.Remove(stream);
        }
    }

    /// <summary>Opens a shard.</summary>
    /// <param name="shardId">Its id.</param>
    /// <param name="parentShardId">The shard from which it is split; null for a first one.</param>
    /// <param name="stream">Its stream; null for the newest.</param>
    public ScriptedShard AddShard(string shardId, string? parentShardId = null, ScriptedStream? stream = null)
    {
        lock (_lock)
        {
            stream ??= Current;
            var shard = new ScriptedShard(stream.StreamArn, shardId, parentShardId);
            stream.Added.Add(shard);
            return shard;
        }
    }

    /// <summary>Closes a shard and opens its children: one is a roll, more are a split.</summary>
    /// <param name="parent">The shard to close.</param>
    /// <param name="children">The ids of those that follow it.</param>
    /// <returns>The children.</returns>
    public IReadOnlyList<ScriptedShard> Split(ScriptedShard parent, params string[] children)
    {
        lock (_lock)
        {
            parent.Closed = true;
            return [.. children.Select(child => AddShard(child, parent.ShardId, Stream(parent.StreamArn)))];
        }
    }

    /// <summary>
    /// Closes two shards and opens one, which names the first as its parent: the API has one parent only.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/Shard"/>
    /// </summary>
    /// <param name="parent">The first.</param>
    /// <param name="other">The second.</param>
    /// <param name="child">The id of the child of both.</param>
    /// <returns>The child.</returns>
    public ScriptedShard Merge(ScriptedShard parent, ScriptedShard other, string child)
    {
        lock (_lock)
        {
            other.Closed = true;
            return Split(parent, child)[0];
        }
    }

    /// <summary>
    /// A day passes: all records of the shard are trimmed, and the shard is removed.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    /// <param name="shard">The shard.</param>
    public void Trim(ScriptedShard shard)
    {
        lock (_lock)
        {
            shard.TrimmedBefore = shard.Records.Count;
            shard.Gone = true;
        }
    }

    /// <summary>Writes items: records at the end of a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="items">The value of each item's partition key, <c>pk</c>.</param>
    public void Write(ScriptedShard shard, params ReadOnlySpan<string> items)
    {
        lock (_lock)
        {
            foreach (var item in items)
            {
                shard.Written.Add(Record((++_sequence).ToString(CultureInfo.InvariantCulture) + "0000000001", item));
            }
        }
    }

    /// <summary>Adds records.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="records">The records.</param>
    public void Write(ScriptedShard shard, params ReadOnlySpan<StreamRecord> records)
    {
        lock (_lock)
        {
            shard.Written.AddRange(records);
        }
    }

    /// <summary>Makes the next calls of an operation fail.</summary>
    /// <param name="operation">ListStreams, DescribeStream, DescribeChildren, GetShardIterator or
    /// GetRecords.</param>
    /// <param name="failure">How.</param>
    /// <param name="times">How many calls.</param>
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

    /// <summary>
    /// Fifteen minutes pass: all iterators returned so far have expired.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetShardIterator"/>
    /// </summary>
    public void ExpireIterators()
    {
        lock (_lock)
        {
            _iteratorGeneration++;
        }
    }

    /// <summary>
    /// Breaks the iterators returned so far: calls with them succeed but return no records.
    /// </summary>
    public void LoseIterators()
    {
        lock (_lock)
        {
            _iteratorsKept++;
        }
    }

    /// <summary>Makes the record of an item that was inserted.</summary>
    /// <param name="sequenceNumber">Its sequence number.</param>
    /// <param name="item">The value of the item's partition key, <c>pk</c>.</param>
    public static StreamRecord Record(string sequenceNumber, string item)
    {
        var json = Encoding.UTF8.GetBytes($$$"""{"pk":{"S":"{{{item}}}"}}""");
        return new StreamRecord
        {
            EventId = $"event-{sequenceNumber}",
            Event = StreamEvent.Insert,
            SequenceNumber = sequenceNumber,
            Keys = json,
            NewImage = json,
            OldImage = default,
            Json = json,
            ApproximateCreation = DateTimeOffset.UnixEpoch,
            IsTimeToLive = false,
        };
    }
}
