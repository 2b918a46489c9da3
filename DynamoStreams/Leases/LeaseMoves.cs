using DynamoStreams.Lineage;

namespace DynamoStreams.Leases;

/// <summary>What an instance does about leases in one turn.</summary>
/// <param name="Take">Free shards to lease.</param>
/// <param name="GiveUp">Own shards to hand to others.</param>
internal sealed record LeaseMoves(IReadOnlyList<ShardState> Take, IReadOnlyList<ShardState> GiveUp);
