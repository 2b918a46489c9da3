namespace Orders.Sync.Cache;

/// <summary>
/// What Postgres knows of Redis: which one is read, who keeps readers from it, what it lacks.
/// </summary>
internal interface ICacheTables
{
    /// <summary>
    /// This read model's own name, and the identity of the Redis that is read (<c>sync.cache_identity</c>);
    /// null for none.
    /// </summary>
    Task<(string ReadModel, string? Agreed)> ReadIdentityAsync();

    /// <summary>
    /// Purges Redis under an exclusive lock, then stores its new identity with the gate closed: every batch
    /// whose announcements the purge may have removed has ended by then, and its changes are visible in
    /// Postgres; a later batch sees the new identity and announces again.
    /// </summary>
    /// <param name="purge">Deletes the cached orders.</param>
    /// <param name="identity">The new identity.</param>
    /// <returns>False if another instance holds the lock.</returns>
    Task<bool> TryPurgeAsync(Func<Task> purge, string identity);

    /// <summary>Begins an instance's suspension.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="reason">For a person.</param>
    /// <param name="purge">Whether Redis must be emptied before it is read again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether another's, which is settled, keeps all readers away already.</returns>
    Task<bool> SuspendAsync(string owner, string reason, bool purge, CancellationToken cancellationToken);

    /// <summary>Says of an instance's suspension that every reader has seen it.</summary>
    Task SettleAsync(string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Whose suspensions there are, and which may be lifted: the instance's own, first, and those of
    /// instances that are gone.
    /// </summary>
    Task<IReadOnlyList<(string Owner, bool IsLiftable)>> FindSuspensionsAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Lifts a suspension when Redis lacks nothing that is listed.</summary>
    /// <returns>Whether the owner has no suspension any more.</returns>
    Task<bool> TryLiftAsync(string owner, CancellationToken cancellationToken);

    /// <summary>The oldest entries of what Redis lacks.</summary>
    Task<(Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds)> ReadRepairsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Redis does not lack these any more.</summary>
    Task DeleteRepairsAsync(Guid[] repairIds, CancellationToken cancellationToken);
}
