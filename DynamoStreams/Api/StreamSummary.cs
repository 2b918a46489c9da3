namespace DynamoStreams.Api;

/// <summary>A stream of a table.</summary>
/// <param name="StreamArn">Its name for every other operation. Re-enabling a table's stream makes
/// another.</param>
/// <param name="StreamLabel">When it was made; sorts by time.</param>
public sealed record StreamSummary(string StreamArn, string StreamLabel);
