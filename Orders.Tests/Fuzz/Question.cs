namespace Orders.Tests.Fuzz;

/// <summary>A field that is asked for.</summary>
/// <param name="Key">Its name in the answer.</param>
/// <param name="Type">Its type.</param>
/// <param name="Selection">What of it; empty for a leaf.</param>
internal sealed record AskedField(string Key, GraphType Type, IReadOnlyList<AskedField> Selection);

/// <summary>A question to the gateway.</summary>
/// <param name="Text">In GraphQL.</param>
/// <param name="Variables">As JSON; null for none.</param>
/// <param name="Fields">What the answer has; null when the text was spoilt.</param>
/// <param name="Streams">Whether the answer is a stream of events.</param>
internal sealed record Question(string Text, string? Variables, IReadOnlyList<AskedField>? Fields, bool Streams);
