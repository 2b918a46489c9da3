using System.Buffers;

namespace DynamoStreams.Api;

/// <summary>A page of records, and the buffer that they are slices of.</summary>
public sealed class RecordPage : IDisposable
{
    private byte[]? _pooled;

    /// <summary>Makes a page.</summary>
    /// <param name="records">Its records.</param>
    /// <param name="nextShardIterator">Where to go on; null at the shard's end.</param>
    /// <param name="pooled">A buffer of <see cref="ArrayPool{T}.Shared"/> that goes back with the page; null
    /// when there is none.</param>
    /// <param name="bytes">How much memory the page holds.</param>
    public RecordPage(IReadOnlyList<StreamRecord> records, string? nextShardIterator, byte[]? pooled = null, int bytes = 0)
    {
        Records = records;
        NextShardIterator = nextShardIterator;
        Bytes = bytes;
        _pooled = pooled;
    }

    /// <summary>The records, oldest first; may be empty while more are to come.</summary>
    public IReadOnlyList<StreamRecord> Records { get; private set; }

    /// <summary>Where to go on. Null: the shard has ended, and this page holds its last records.</summary>
    public string? NextShardIterator { get; }

    /// <summary>Bytes of JSON held.</summary>
    public int Bytes { get; }

    /// <summary>Leaves out all but the first records.</summary>
    internal void Keep(int count) => Records = [.. Records.Take(count)];

    /// <summary>Gives the buffer back; the records' images are no longer good.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
