namespace DynamoStreams.Applying;

/// <summary>
/// The largest batch of a shard that is thought to be applied in time. Halves when one was not, and doubles
/// again with those that were, so that what a slow database taught is neither forgotten with the next batch
/// nor kept for ever.
/// </summary>
internal sealed class BatchSize
{
    // A larger one that does not fit costs its whole time limit: so it is not tried often.
    private const int FitsUntilLarger = 16;

    private int _fits;

    /// <summary>How many records; no bound until one was too large.</summary>
    public int Most { get; private set; } = int.MaxValue;

    /// <summary>A batch of so many was not applied in time.</summary>
    public void TooLarge(int records) => (Most, _fits) = (Math.Max(1, records - (records / 2)), 0);

    /// <summary>A batch was applied in time.</summary>
    public void Fitted()
    {
        if (Most < int.MaxValue && ++_fits == FitsUntilLarger)
        {
            (Most, _fits) = (Most > int.MaxValue / 2 ? int.MaxValue : Most * 2, 0);
        }
    }
}
