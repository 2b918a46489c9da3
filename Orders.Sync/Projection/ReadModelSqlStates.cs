
namespace Orders.Sync.Projection;

/// <summary>
/// The SQLSTATEs that this service's SQL raises, each with one meaning, beside those of
/// <see cref="DynamoStreams.Postgres.ConsumerSqlStates"/>. Class <c>OR</c> is its own.
/// </summary>
internal static class ReadModelSqlStates
{
    /// <summary><c>sync.fence_snapshot</c>: the snapshot was stopped, or has another owner.</summary>
    public const string SnapshotLost = "OR001";

    /// <summary>
    /// <c>sync.check_cache_identity</c>: Redis was purged after the batch's changes were announced there.
    /// </summary>
    public const string CacheIdentityLost = "OR002";

    /// <summary>
    /// <c>sync.check_cache_suspended</c>: readers may trust Redis, and the batch's changes are not announced
    /// there.
    /// </summary>
    public const string CacheNotSuspended = "OR003";
}
