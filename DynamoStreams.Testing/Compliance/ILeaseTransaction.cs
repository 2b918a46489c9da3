namespace DynamoStreams.Testing.Compliance;

/// <summary>A batch's transaction, which holds its shard. Without a commit it has no effect.</summary>
public interface ILeaseTransaction : IAsyncDisposable
{
    /// <summary>Commits the batch's checkpoint.</summary>
    /// <exception cref="Exception">The store has ended the transaction; nothing was committed. Of any
    /// type.</exception>
    Task CommitAsync();
}
