namespace DynamoStreams.Reading;

/// <summary>The shard no longer exists: its unread records are lost.</summary>
internal sealed class ShardGoneException(string message, Exception inner) : Exception(message, inner);
