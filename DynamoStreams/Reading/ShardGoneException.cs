namespace DynamoStreams.Reading;

/// <summary>The service no longer knows the shard: what it still held is lost.</summary>
internal sealed class ShardGoneException(string message, Exception inner) : Exception(message, inner);
