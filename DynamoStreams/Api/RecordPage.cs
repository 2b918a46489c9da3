using System.Buffers;

namespace DynamoStreams.Api;

/// <summary>A page of records, and the buffer that holds them.</summary>
public sealed class RecordPage : IDisposable
{
    private byte[]? _pooled;

    /// <summary>Makes a page.</summary>
    /// <param name="records">Its records.</param>
    /// <param name="nextShardIterator">The iterator of the next page; null at the shard's end.</param>
    /// <param name="pooled">A buffer of <see cref="ArrayPool{T}.Shared"/> that is returned to the pool with
    /// the page; null when there is none.</param>
    /// <param name="bytes">How much memory the page holds.</param>
    public RecordPage(IReadOnlyList<StreamRecord> records, string? nextShardIterator, byte[]? pooled = null, int bytes = 0)
    {
        Records = records;
        NextShardIterator = nextShardIterator;
        Bytes = bytes;
        _pooled = pooled;
    }

    /// <summary>The records, oldest first. May be empty although more follow.</summary>
    public IReadOnlyList<StreamRecord> Records { get; private set; }

    /// <summary>
    /// The iterator of the next page. Null: the shard has ended, and this page holds its last records.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
    /// </summary>
    public string? NextShardIterator { get; }

    /// <summary>Bytes of JSON held.</summary>
    public int Bytes { get; }

    /// <summary>Keeps only the first records.</summary>
    internal void Keep(int count) => Records = [.. Records.Take(count)];

    /// <summary>Returns the buffer to the pool. The records' images must not be used afterwards.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pooled, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
