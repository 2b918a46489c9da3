namespace DynamoStreams.Postgres;

/// <summary>
/// A handler failed to make statements because of one of the records. The record is found by bisecting and
/// set aside.
/// </summary>
/// <param name="inner">The handler's exception.</param>
public sealed class UnreadableRecordException(Exception inner) : Exception($"the record cannot be read: {inner.Message}", inner);
