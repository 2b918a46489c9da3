namespace DynamoStreams.Applying;

/// <summary>What a consumer has done since it started. Safe to read at any time.</summary>
public sealed class ConsumerProgress
{
    private long _records;
    private long _batches;
    private int _shardsHeld;
    private volatile bool _hasListed;

    /// <summary>Records applied or set aside.</summary>
    public long Records => Interlocked.Read(ref _records);

    /// <summary>Batches committed.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Shards that this instance holds a lease on.</summary>
    public int ShardsHeld => Volatile.Read(ref _shardsHeld);

    /// <summary>Whether the stream and its shards have been found.</summary>
    public bool HasListed => _hasListed;

    internal void Applied(ShardBatch batch)
    {
        Interlocked.Add(ref _records, batch.Records.Count);
        Interlocked.Increment(ref _batches);
    }

    internal void Listed() => _hasListed = true;

    internal void Holds(int shards) => Volatile.Write(ref _shardsHeld, shards);
}
