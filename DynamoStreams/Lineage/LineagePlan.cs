using DynamoStreams.Api;

namespace DynamoStreams.Lineage;

/// <summary>What to do next about a table's shards.</summary>
/// <param name="Unknown">Listed for the first time: to be written down.</param>
/// <param name="Ready">May be read now: everything before them is applied.</param>
/// <param name="Vanished">Written down, not finished, and the service no longer knows them: what they still held is lost.</param>
/// <param name="Forgettable">Finished, no longer listed, and all their children are finished too: may be deleted.</param>
public sealed record LineagePlan(
    IReadOnlyList<(string StreamArn, ShardDescription Shard)> Unknown,
    IReadOnlyList<ShardState> Ready,
    IReadOnlyList<ShardState> Vanished,
    IReadOnlyList<ShardState> Forgettable);
