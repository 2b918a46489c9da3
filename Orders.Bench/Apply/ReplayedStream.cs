using System.Buffers;
using DynamoStreams.Api;
using DynamoStreams.Listing;

namespace Orders.Bench.Apply;

/// <summary>A shard that returns prepared pages, through the real client's decoder, and then ends.</summary>
/// <param name="pages">Raw responses of GetRecords.</param>
internal sealed class ReplayedStream(IReadOnlyList<byte[]> pages) : IStreamsApi
{
    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => throw new NotSupportedException();

    // Called at the end: the shard has no children.
    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
        Task.FromResult(new StreamDescription("DISABLED", StreamListing.RequiredViewType, [], LastShardId: null));

    // Called only at the start, and once more at the end, where a reader confirms the end.
    public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
        Task.FromResult((afterSequenceNumber is null ? 0 : pages.Count).ToString());

    public Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        var page = int.Parse(shardIterator);
        return Task.Run(() => page < pages.Count ? Read(pages[page]) : new RecordPage([], nextShardIterator: null), cancellationToken);
    }

    /// <summary>Decodes a page from a pooled buffer, as if it came from the network.</summary>
    public static RecordPage Read(byte[] answer)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(answer.Length);
        answer.CopyTo(buffer, 0);
        return RecordsAnswer.Read(buffer.AsMemory(0, answer.Length), buffer);
    }
}
