namespace DynamoStreams.Postgres;

/// <summary>
/// A handler could not make statements of records: by something in one of them, which is found by halving
/// and set aside.
/// </summary>
/// <param name="inner">What it failed with.</param>
public sealed class UnreadableRecordException(Exception inner) : Exception($"the record cannot be read: {inner.Message}", inner);
