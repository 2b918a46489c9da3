namespace DynamoStreams.Leases;

/// <summary>
/// Another instance owns the shard now: the batch did not commit, and this instance must not retry it.
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
