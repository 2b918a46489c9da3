namespace Orders.Sync.DeadLetters;

/// <summary>What a discard came to.</summary>
/// <param name="Discarded">Records that are gone for good.</param>
/// <param name="Waiting">Records of the same items that there are still: they wait until a redrive applies
/// them.</param>
internal sealed record DiscardResult(long Discarded, long Waiting);
