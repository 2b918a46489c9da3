namespace Orders.Sync.Projection;

/// <summary>
/// The assumption of a <see cref="BulkPlan"/> was wrong: a part of the batch was applied before. Nothing was
/// committed.
/// </summary>
internal sealed class BulkConflictException : Exception;
