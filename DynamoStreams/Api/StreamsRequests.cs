using System.Buffers;
using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>The bodies of the four requests.</summary>
internal static class StreamsRequests
{
    public static byte[] ListStreams(string tableName, string? afterStreamArn) =>
        Body(("TableName", tableName), ("ExclusiveStartStreamArn", afterStreamArn));

    public static byte[] DescribeStream(string streamArn, string? afterShardId, string? childrenOf) => Body(
        childrenOf is null
            ? null
            : writer =>
            {
                writer.WriteStartObject("ShardFilter");
                writer.WriteString("Type", "CHILD_SHARDS");
                writer.WriteString("ShardId", childrenOf);
                writer.WriteEndObject();
            },
        ("StreamArn", streamArn),
        ("ExclusiveStartShardId", afterShardId));

    public static byte[] GetShardIterator(string streamArn, string shardId, string? afterSequenceNumber) => Body(
        ("StreamArn", streamArn),
        ("ShardId", shardId),
        ("ShardIteratorType", afterSequenceNumber is null ? "TRIM_HORIZON" : "AFTER_SEQUENCE_NUMBER"),
        ("SequenceNumber", afterSequenceNumber));

    public static byte[] GetRecords(string shardIterator) => Body(("ShardIterator", shardIterator));

    private static byte[] Body(params ReadOnlySpan<(string Name, string? Value)> members) => Body(more: null, members);

    private static byte[] Body(Action<Utf8JsonWriter>? more, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }

            more?.Invoke(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
