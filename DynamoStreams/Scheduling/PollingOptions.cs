namespace DynamoStreams.Scheduling;

/// <summary>
/// How often an open shard is polled. The Streams API has no long polling, so fresh data costs calls: many
/// while the shard is active, few while it is idle.
/// </summary>
public sealed record PollingOptions
{
    /// <summary>The wait after an empty page while the shard is active.</summary>
    public TimeSpan Quick { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a shard counts as active after its last record.</summary>
    public TimeSpan QuickFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The wait after an empty page of a long idle shard. With the listings it makes under four calls a
    /// second, the base rate of Lambda's pollers.
    /// <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html"/>
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMilliseconds(280);

    /// <summary>
    /// The first wait after a failure; doubles up to <see cref="LongestBackoff"/>, with full jitter.
    /// </summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between attempts.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a record must be undecodable in the same form before it is set aside: a faulty service
    /// rarely garbles the same record for so long.
    /// </summary>
    public TimeSpan UntilUndecodable { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// After how long without records a new iterator is taken, after the last record read: an engine may
    /// lose an iterator and answer it with empty pages. With jitter, up to a quarter sooner.
    /// </summary>
    public TimeSpan UntilSilenceIsChecked { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The jitter: a random part, from 0 up to 1, of each backoff, so that callers that failed together do
    /// not retry together.
    /// </summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
