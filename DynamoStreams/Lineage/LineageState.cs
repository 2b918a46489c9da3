namespace DynamoStreams.Lineage;

/// <summary>All that is written down of a table's streams and shards.</summary>
/// <param name="StreamArns">The streams, oldest first.</param>
/// <param name="Begun">Those of them whose turn has come.</param>
/// <param name="Shards">Their shards, finished ones too.</param>
public sealed record LineageState(IReadOnlyList<string> StreamArns, IReadOnlySet<string> Begun, IReadOnlyCollection<ShardState> Shards);
