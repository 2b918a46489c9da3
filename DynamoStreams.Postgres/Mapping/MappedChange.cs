using System.Numerics;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>What becomes of a row.</summary>
/// <param name="Item">The item; of a deletion, as it last was.</param>
/// <param name="Place">The change's place in the stream: its sequence number.</param>
/// <param name="IsDeletion">Whether it is gone.</param>
internal sealed record MappedChange<T>(T Item, BigInteger Place, bool IsDeletion);
