using System.Text.Json.Nodes;
using Orders.Tests.Api.Store;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// The stream behind a wire that can be troubled, and a second shard in it, which the engine does not have:
/// it is empty for ever, and the wire answers for it.
/// </summary>
internal sealed class StreamTrouble
{
    /// <summary>The shard that is not the engine's.</summary>
    public const string OtherShard = "shardId-00000000000000000001-other";

    private TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Func<DynamoCall, DynamoAnswer?>? _answer;
    private volatile bool _hangs;

    public StreamTrouble(FaultyDynamo wire) => (wire.Before, wire.After) = (BeforeAsync, After);

    /// <summary>Denies some calls.</summary>
    /// <param name="operation">The operation; null for all.</param>
    /// <param name="ofOther">Whether those of the other shard alone, or of the engine's alone; null for
    /// both.</param>
    public void Deny(string? operation, bool? ofOther = null) => Answer(operation, ofOther, DynamoAnswer.Error("AccessDeniedException"));

    /// <summary>Answers calls in the engine's place.</summary>
    public void Answer(string? operation, bool? ofOther, DynamoAnswer answer) =>
        _answer = call => (operation is null || call.Operation == operation) && (ofOther is null || IsOfOther(call) == ofOther) ? answer : null;

    /// <summary>Answers no call of GetRecords any more.</summary>
    public void Hang()
    {
        _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _hangs = true;
    }

    public void End()
    {
        (_answer, _hangs) = (null, false);
        _over.TrySetResult();
    }

    private async Task<DynamoAnswer?> BeforeAsync(DynamoCall call)
    {
        if (_hangs && call.Operation == "GetRecords")
        {
            await _over.Task;
            return DynamoAnswer.Cut;
        }

        return _answer?.Invoke(call) ?? (IsOfOther(call) ? OfOther(call) : null);
    }

    private static DynamoAnswer After(DynamoCall call, DynamoAnswer answer)
    {
        if (call.Operation != "DescribeStream" || answer.Status != 200)
        {
            return answer;
        }

        var description = JsonNode.Parse(answer.Body)!;
        description["StreamDescription"]!["Shards"]!.AsArray().Add(new JsonObject
        {
            ["ShardId"] = OtherShard,
            ["SequenceNumberRange"] = new JsonObject { ["StartingSequenceNumber"] = "1" },
        });
        return answer with { Body = description.ToJsonString() };
    }

    private static bool IsOfOther(DynamoCall call) => ((string?)call.Body["ShardId"] ?? (string?)call.Body["ShardIterator"]) == OtherShard;

    private static DynamoAnswer OfOther(DynamoCall call) => DynamoAnswer.Ok(
        call.Operation == "GetRecords" ? $$"""{"Records":[],"NextShardIterator":"{{OtherShard}}"}""" : $$"""{"ShardIterator":"{{OtherShard}}"}""");
}
