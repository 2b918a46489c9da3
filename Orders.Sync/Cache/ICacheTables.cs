namespace Orders.Sync.Cache;

/// <summary>
/// The tables in Postgres about Redis: which Redis is read, who has suspended it, and which orders must be
/// repaired in it.
/// </summary>
internal interface ICacheTables
{
    /// <summary>Reads what Postgres says about Redis now.</summary>
    /// <returns>Null when the database has no feed, and so is no read model.</returns>
    Task<AgreedCache?> ReadAsync();

    /// <summary>
    /// Purges the read model's orders in Redis under an exclusive lock, then stores its new identity with
    /// the gate closed: every batch whose announcements the purge may have removed has ended by then, and
    /// its changes are visible in Postgres; a later batch sees the new identity and announces again.
    /// </summary>
    /// <param name="purge">Deletes the cached orders.</param>
    /// <param name="identity">The new identity.</param>
    /// <returns>False if another instance holds the lock.</returns>
    Task<bool> TryPurgeAsync(Func<Task> purge, string identity);

    /// <summary>Begins an instance's suspension.</summary>
    /// <param name="owner">The instance.</param>
    /// <param name="reason">For a person.</param>
    /// <param name="purge">Whether Redis must be purged before it is read again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether a suspension of another instance already applies to all readers.</returns>
    Task<bool> SuspendAsync(string owner, string reason, bool purge, CancellationToken cancellationToken);

    /// <summary>Marks an instance's suspension as seen by every reader.</summary>
    Task SettleAsync(string owner, CancellationToken cancellationToken);

    /// <summary>
    /// The suspensions, and whether each may be lifted: the instance's own, first, and those of dead
    /// instances.
    /// </summary>
    Task<IReadOnlyList<(string Owner, bool IsLiftable)>> FindSuspensionsAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Lifts a suspension when no listed repair is left.</summary>
    /// <returns>Whether the owner has no suspension now.</returns>
    Task<bool> TryLiftAsync(string owner, CancellationToken cancellationToken);

    /// <summary>The oldest entries of the list of repairs.</summary>
    Task<(Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds)> ReadRepairsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Deletes entries that are repaired.</summary>
    Task DeleteRepairsAsync(Guid[] repairIds, CancellationToken cancellationToken);
}
