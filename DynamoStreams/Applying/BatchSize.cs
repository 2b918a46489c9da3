namespace DynamoStreams.Applying;

/// <summary>
/// Bounds a shard's batches by what the database applies in time. The bound halves when a batch times out
/// and doubles slowly when batches succeed, so that it follows the speed of the database.
/// </summary>
internal sealed class BatchSize
{
    // A larger batch that fails costs a whole time limit, so growing is tried rarely.
    private const int FitsUntilLarger = 16;

    private int _fits;

    /// <summary>The largest number of records; unbounded until a batch was too large.</summary>
    public int Most { get; private set; } = int.MaxValue;

    /// <summary>A batch of this size timed out.</summary>
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
