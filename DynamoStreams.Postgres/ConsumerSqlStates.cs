namespace DynamoStreams.Postgres;

/// <summary>
/// The SQLSTATEs that this library's SQL raises, each with one meaning. Class <c>DS</c> is its own.
/// </summary>
public static class ConsumerSqlStates
{
    /// <summary><c>checkpoint</c>: the shard has another owner by now, or is finished.</summary>
    public const string LeaseLost = "DS001";

    /// <summary>
    /// <c>refuse_if_blocked</c>: a record of the batch must wait behind a dead letter of its item.
    /// </summary>
    public const string Blocked = "DS002";
}
