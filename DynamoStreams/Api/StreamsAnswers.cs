using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>Reads the responses of the rarely called operations, and the errors of all operations.</summary>
internal static class StreamsAnswers
{
    public static string? ReadStreams(ReadOnlyMemory<byte> json, List<StreamSummary> streams) => Read("ListStreams", json, root =>
    {
        streams.AddRange([.. root.Objects("Streams").Select(stream => new StreamSummary(stream.Text("StreamArn"), stream.Text("StreamLabel")))]);
        return root.OptionalText("LastEvaluatedStreamArn");
    });

    public static StreamDescription ReadDescription(ReadOnlyMemory<byte> json) => Read("DescribeStream", json, root =>
    {
        var description = root.Object("StreamDescription");
        var status = description.Text("StreamStatus");
        return new StreamDescription(
            status is "ENABLING" or "ENABLED" or "DISABLING" or "DISABLED" ? status : throw AnswerShape.Wrong("StreamStatus", "one of its four words"),
            description.Text("StreamViewType"),
            [.. description.Objects("Shards").Select(ReadShard)],
            description.OptionalText("LastEvaluatedShardId"));
    });

    public static string ReadIterator(ReadOnlyMemory<byte> json) => Read("GetShardIterator", json, root => root.Text("ShardIterator"));

    public static StreamsException ReadError(ReadOnlyMemory<byte> json, int status)
    {
        try
        {
            using var document = AnswerShape.Parse(json);
            var type = document.RootElement.Text("__type");
            return StreamsException.From(
                type[(type.LastIndexOf('#') + 1)..],
                document.RootElement.OptionalText("message") ?? document.RootElement.OptionalText("Message") ?? "(no message)",
                status);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            return StreamsException.From("", "the answer is no error of DynamoDB: is this the address of a DynamoDB endpoint?", status);
        }
    }

    /// <summary>Whether the failure was caused by the content of the response.</summary>
    public static bool IsBroken(Exception failure) =>
        failure is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException;

    public static StreamsException Malformed(string operation, Exception broken) =>
        new(StreamsFailure.Malformed, $"what {operation} answered is no answer: {broken.Message}", broken);

    private static ShardDescription ReadShard(JsonElement shard) => new(shard.Text("ShardId"), shard.OptionalText("ParentShardId"))
    {
        EndingSequenceNumber = shard.TryGetProperty("SequenceNumberRange", out _) && shard.Object("SequenceNumberRange").OptionalText("EndingSequenceNumber") is { } end
            && SequenceNumber.IsOne(end) ? end : null,
    };

    private static T Read<T>(string operation, ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = AnswerShape.Parse(json);
            return read(document.RootElement);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Malformed(operation, broken);
        }
    }
}
