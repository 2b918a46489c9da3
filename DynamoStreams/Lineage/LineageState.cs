namespace DynamoStreams.Lineage;

/// <summary>Everything that is stored of a table's streams and shards.</summary>
/// <param name="StreamArns">The streams, oldest first.</param>
/// <param name="Begun">Those of them that may be read.</param>
/// <param name="Shards">Their shards, finished ones too.</param>
public sealed record LineageState(IReadOnlyList<string> StreamArns, IReadOnlySet<string> Begun, IReadOnlyCollection<ShardState> Shards);
