namespace Orders.Sync.Projection;

/// <summary>
/// A batch was not as its <see cref="BulkPlan"/> takes it to be: it has been applied before, at least in
/// part. Nothing of it was committed.
/// </summary>
internal sealed class BulkConflictException : Exception;
