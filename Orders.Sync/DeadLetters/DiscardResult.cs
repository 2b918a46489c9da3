namespace Orders.Sync.DeadLetters;

/// <summary>The result of a discard.</summary>
/// <param name="Discarded">Records that were deleted.</param>
/// <param name="Waiting">Records of the same items, and of the caller's merchants, that are left; they wait
/// until a redrive applies them.</param>
internal sealed record DiscardResult(long Discarded, long Waiting);
