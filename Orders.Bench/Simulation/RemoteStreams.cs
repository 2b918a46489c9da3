using DynamoStreams.Api;

namespace Orders.Bench.Simulation;

/// <summary>
/// One instance's connection to the simulated stream. Records are read by <see cref="SimulatedPump"/>, which
/// knows without a call when there are none.
/// </summary>
internal sealed class RemoteStreams(SimulatedStream stream, SimulatedMachine machine, TimeSpan roundTrip) : IStreamsApi
{
    public async Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken)
    {
        await machine.WaitAsync(roundTrip);
        return [new StreamSummary(SimulatedStream.StreamArn, "2026-01-01")];
    }

    public async Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken)
    {
        await machine.WaitAsync(roundTrip);
        return stream.Describe(afterShardId, childrenOf);
    }

    public async Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken)
    {
        await machine.WaitAsync(roundTrip);
        return $"{shardId}|{afterSequenceNumber ?? "0"}";
    }

    /// <summary>Called only by the lister, for finished shards: everything must have been read.</summary>
    /// <exception cref="InvalidOperationException">A shard was marked as finished before it was read to its
    /// end.</exception>
    public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        await machine.WaitAsync(roundTrip);
        var parts = shardIterator.Split('|');
        var shard = stream.Find(parts[0]);
        return shard.IsClosed && int.Parse(parts[1]) == shard.Records.Count
            ? new RecordPage([], nextShardIterator: null)
            : throw new InvalidOperationException($"{shard.ShardId} was finished before it was read to its end");
    }
}
