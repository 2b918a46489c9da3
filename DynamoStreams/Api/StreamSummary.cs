namespace DynamoStreams.Api;

/// <summary>A stream of a table.</summary>
/// <param name="StreamArn">Its name for every other operation. A stream that is disabled and enabled again
/// has a new one.
/// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/></param>
/// <param name="StreamLabel">When it was created; sorts by time.</param>
public sealed record StreamSummary(string StreamArn, string StreamLabel);
