namespace DynamoStreams.Testing.Compliance;

/// <summary>A batch's transaction, which locks its shard. Without a commit it has no effect.</summary>
public interface ILeaseTransaction : IAsyncDisposable
{
    /// <summary>Commits the batch's checkpoint.</summary>
    /// <exception cref="Exception">Any type: the store has ended the transaction; nothing was
    /// committed.</exception>
    Task CommitAsync();
}
