namespace DynamoStreams.Scheduling;

/// <summary>
/// How often an open shard is asked for more. The Streams API cannot wait for records, so freshness is
/// bought with calls: many while the shard is active, few when it is idle.
/// </summary>
public sealed record PollingOptions
{
    /// <summary>Between two empty answers while the shard is active.</summary>
    public TimeSpan Quick { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a shard counts as active after its last record.</summary>
    public TimeSpan QuickFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Between two empty answers of a shard that has long been idle: with the listings under four calls a
    /// second, which is what Lambda's pollers make.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMilliseconds(280);

    /// <summary>
    /// The first wait after a failure; doubles up to <see cref="LongestBackoff"/>, with full jitter.
    /// </summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between tries.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a record must come undecodable, the same each time, before it is set aside: a broken service
    /// seldom garbles the same record so long.
    /// </summary>
    public TimeSpan UntilUndecodable { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// What part of a wait after a failure is waited, from 0 up to 1: by chance, so that those who failed
    /// together do not come back together.
    /// </summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
