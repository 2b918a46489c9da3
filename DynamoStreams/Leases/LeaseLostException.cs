namespace DynamoStreams.Leases;

/// <summary>
/// Another instance owns the shard now: whatever was being applied did not commit, and must not be tried
/// again.
/// </summary>
public sealed class LeaseLostException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="shardId">The shard.</param>
    /// <param name="inner">What the store said.</param>
    public LeaseLostException(string shardId, Exception? inner = null)
        : base($"the lease on shard {shardId} is lost", inner)
    {
    }
}
