using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;

namespace DynamoStreams.Testing;

/// <content>Stores streams and shards as they are listed, and gaps.</content>
public sealed partial class MemoryLeaseStore
{
    // The listings in a row that must agree that a stream no longer exists.
    private const int ListingsUntilGone = 3;

    private static readonly Comparer<ShardRow> ById = Comparer<ShardRow>.Create((a, b) =>
        string.CompareOrdinal(a.State.StreamArn, b.State.StreamArn) is not 0 and var difference ? difference : string.CompareOrdinal(a.State.ShardId, b.State.ShardId));

    /// <inheritdoc/>
    public Task<LineageState> ReadLineageAsync(string tableName, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var streams = StreamsOf(tableName);
            return Task.FromResult(new LineageState(
                [.. streams.Select(stream => stream.StreamArn)],
                streams.Where(stream => stream.Begun).Select(stream => stream.StreamArn).ToHashSet(StringComparer.Ordinal),
                [.. _rows.Values.Where(row => row.Stream?.TableName == tableName).Select(row => row.State with { Checkpoint = row.Checkpoint })]));
        }
    }

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<(string StreamArn, ShardDescription Shard)> shards, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var (arn, shard) in shards)
            {
                Add(arn, shard);
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<bool> ReopenAsync(ShardState shard, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(shard.Key, out var row) || !row.State.Finished || row.State.FencingToken != shard.FencingToken || row.Checkpoint != shard.Checkpoint)
            {
                return Task.FromResult(false);
            }

            row.State = row.State with { Finished = false, Owner = null, Free = true };
            (row.LeasedUntil, row.FinishedAt) = (Now, null);
            Open(row);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task AbandonAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Unfinished(lease.Key) is { } row && row.State.FencingToken == lease.FencingToken)
            {
                Finish(lease.Key);
                row.State = row.State with { Owner = null };
                NoteGap(lease.Key, reason, row.Checkpoint);
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task RecordGapAsync(ShardLease lease, string reason, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Unfinished(lease.Key) is not { } row || row.State.FencingToken != lease.FencingToken)
            {
                throw new LeaseLostException(lease.ShardId);
            }

            NoteGap(lease.Key, reason, row.Checkpoint);
            (row.Checkpoint, row.LastGoodAt) = (null, Now);
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task WriteLineageAsync(string tableName, LineagePlan plan, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var listing in plan.NewStreams)
            {
                Add(tableName, listing);
            }

            var streams = StreamsOf(tableName);
            foreach (var stream in streams)
            {
                stream.Missing = plan.Missing.Contains(stream.StreamArn) ? stream.Missing + 1 : 0;
                stream.IsDisabled = plan.Disabled.Contains(stream.StreamArn);
            }

            foreach (var stream in streams.Where(stream => !stream.Begun && plan.Begins.Contains(stream.StreamArn)))
            {
                Begin(stream, hasFormer: streams.Exists(former => string.CompareOrdinal(former.Label, stream.Label) < 0));
            }

            foreach (var (arn, shard) in plan.Unknown)
            {
                Add(arn, shard);
            }

            foreach (var key in plan.BrokenOff.Select(shard => shard.Key))
            {
                if (Forget(key) is { } row)
                {
                    NoteGap(key, "the shards that followed it were trimmed before they were found", row.Checkpoint);
                }
            }

            foreach (var shard in plan.Forgettable)
            {
                Forget(shard.Key);
            }

            // A stream is deleted when it no longer exists and none of its shards is needed.
            foreach (var gone in streams.Where(stream => stream.Missing > ListingsUntilGone && !_rows.Values.Any(row => row.Stream == stream)))
            {
                _streams.Remove(gone.StreamArn);
            }

            Change(tableName, listing => listing with { IsListed = listing.IsListed || plan.HasShards });
            _version++;
            return Task.CompletedTask;
        }
    }

    private List<StreamRow> StreamsOf(string tableName) =>
        [.. _streams.Values.Where(stream => stream.TableName == tableName).OrderBy(stream => stream.Label, StringComparer.Ordinal).ThenBy(stream => stream.StreamArn, StringComparer.Ordinal)];

    private void Add(string tableName, ShardListing listing)
    {
        var stream = new StreamRow(tableName, listing.StreamArn, listing.Label);
        if (_streams.TryAdd(stream.StreamArn, stream))
        {
            foreach (var row in _rows.Values.Where(row => row.State.StreamArn == stream.StreamArn))
            {
                row.Stream = stream;
            }
        }
    }

    private void Add(string streamArn, ShardDescription shard)
    {
        var row = new ShardRow(new ShardState(streamArn, shard.ShardId, shard.ParentShardId, Finished: false, Free: true))
        {
            Stream = _streams.GetValueOrDefault(streamArn),
            LeasedUntil = Now,
            LastGoodAt = Now,
        };
        if (_rows.TryAdd(row.State.Key, row))
        {
            Open(row);
            if (row.State.ParentKey is { } parent)
            {
                _parents.Add(parent);
            }
        }
    }

    private void Open(ShardRow row)
    {
        _unfinished.Insert(~_unfinished.BinarySearch(row, ById), row);
        ShardSets++;
        Change();
    }

    // Writes while the table had no stream, or between two tables of the same name, are in neither stream.
    private void Begin(StreamRow stream, bool hasFormer)
    {
        stream.Begun = true;
        if (hasFormer)
        {
            NoteGap(new(stream.StreamArn, ""), "the stream took the place of another; what was written between the two is in neither", after: null);
        }
    }

    private ShardRow? Forget(ShardKey key)
    {
        if (!_rows.TryGetValue(key, out var row) || !row.State.Finished)
        {
            return null;
        }

        _rows.Remove(key);
        Change();
        return row;
    }
}
