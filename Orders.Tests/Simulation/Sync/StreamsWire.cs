using DynamoStreams.Api;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// The Streams API for one process: the product's own reading of whatever answers the service gives.
/// </summary>
internal sealed class StreamsWire(World world, Link link) : IStreamsApi
{
    public async Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken)
    {
        var streams = new List<StreamSummary>();
        StreamsAnswers.ReadStreams(await AskAsync(world.Stream.ListStreams, """{"Streams":[]}""", cancellationToken), streams);
        return streams;
    }

    public async Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
        StreamsAnswers.ReadDescription(await AskAsync(() => world.Stream.Describe(childrenOf), "{}", cancellationToken));

    public async Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
        StreamsAnswers.ReadIterator(await AskAsync(() => world.Stream.GetIterator(shardId, afterSequenceNumber), "{}", cancellationToken));

    public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken) =>
        RecordsAnswer.Read(await AskAsync(() => world.Stream.GetRecords(shardIterator), """{"Records":[]}""", cancellationToken), pooled: null!);

    /// <summary>The body of a good answer.</summary>
    /// <param name="serve">What the service answers.</param>
    /// <param name="whenEmpty">What a reader that forgives takes an empty object for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    private async Task<byte[]> AskAsync(Func<StreamAnswer> serve, string whenEmpty, CancellationToken cancellationToken)
    {
        var (status, json) = await link.CallAsync(serve, cancellationToken);
        if (status != 200)
        {
            throw StreamsAnswers.ReadError(json, status);
        }

        return world.Lacks(Repair.SecondSign) && json is [(byte)'{', (byte)'}'] ? StreamAnswer.Of(whenEmpty).Json : json;
    }
}
