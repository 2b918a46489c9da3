using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>The changes of leases that an instance makes in one round.</summary>
/// <param name="Take">Free shards to lease.</param>
/// <param name="GiveUp">Own shards to release to others.</param>
internal sealed record LeaseMoves(IReadOnlyList<ShardState> Take, IReadOnlyList<ShardState> GiveUp);
