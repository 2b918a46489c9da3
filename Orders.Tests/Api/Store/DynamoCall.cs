using System.Text.Json.Nodes;

namespace Orders.Tests.Api.Store;

/// <summary>A call on the wire.</summary>
/// <param name="Operation">What is called.</param>
/// <param name="Body">Its body.</param>
/// <param name="Invocation">The same for a call that the SDK repeats by itself, as when a slow machine
/// answers too late.</param>
internal sealed record DynamoCall(string Operation, JsonNode Body, string Invocation);

/// <summary>An answer on the wire.</summary>
internal sealed record DynamoAnswer(int Status, string Body)
{
    /// <summary>No answer: the connection is closed.</summary>
    public static DynamoAnswer Cut { get; } = new(0, "");

    public static DynamoAnswer InternalError { get; } = Error("InternalServerError", 500);

    public static DynamoAnswer Throttled { get; } = Error("ProvisionedThroughputExceededException");

    public static DynamoAnswer Ok(string body = "{}") => new(200, body);

    public static DynamoAnswer Error(string type, int status = 400, string message = "as the test wants it") =>
        new(status, $$"""{"__type":"com.amazonaws.dynamodb.v20120810#{{type}}","message":"{{message}}"}""");

    public static DynamoAnswer Cancelled(params string[] reasons) => new(
        400,
        $$"""{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","CancellationReasons":[{{string.Join(',', reasons.Select(reason => $$"""{"Code":"{{reason}}"}"""))}}]}""");
}
