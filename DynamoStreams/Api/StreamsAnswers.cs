using System.Text.Json;

namespace DynamoStreams.Api;

/// <summary>The answers of the operations that are called seldom, and every operation's errors.</summary>
internal static class StreamsAnswers
{
    public static string? ReadStreams(ReadOnlyMemory<byte> json, List<StreamSummary> streams)
    {
        using var document = Parse(json);
        foreach (var stream in Entries(document.RootElement, "Streams"))
        {
            streams.Add(new StreamSummary(Text(stream, "StreamArn") ?? "", Text(stream, "StreamLabel") ?? ""));
        }

        return Text(document.RootElement, "LastEvaluatedStreamArn");
    }

    public static StreamDescription ReadDescription(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        var description = document.RootElement.GetProperty("StreamDescription");
        return new StreamDescription(
            Text(description, "StreamStatus") ?? "",
            Text(description, "StreamViewType") ?? "",
            [.. Entries(description, "Shards").Select(shard => new ShardDescription(Text(shard, "ShardId") ?? "", Text(shard, "ParentShardId")))],
            Text(description, "LastEvaluatedShardId"));
    }

    public static string ReadIterator(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        return Text(document.RootElement, "ShardIterator")
            ?? throw new StreamsException(StreamsFailure.Invalid, "GetShardIterator answered without an iterator");
    }

    public static StreamsException ReadError(ReadOnlyMemory<byte> json, int status)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var type = Text(document.RootElement, "__type") ?? "";
            return StreamsException.From(
                type[(type.LastIndexOf('#') + 1)..],
                Text(document.RootElement, "message") ?? Text(document.RootElement, "Message") ?? "(no message)",
                status);
        }
        catch (JsonException)
        {
            return StreamsException.From("", "the answer is not JSON: is this the address of a DynamoDB endpoint?", status);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException notJson)
        {
            throw new StreamsException(StreamsFailure.Invalid, $"the answer is not JSON: {notJson.Message}", notJson);
        }
    }

    private static JsonElement.ArrayEnumerator Entries(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
