using System.Numerics;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>The change of one row.</summary>
/// <param name="Item">The item; for a deletion, its last state.</param>
/// <param name="Place">The change's place in the stream: its sequence number.</param>
/// <param name="IsDeletion">Whether the item was deleted.</param>
internal sealed record MappedChange<T>(T Item, BigInteger Place, bool IsDeletion);
