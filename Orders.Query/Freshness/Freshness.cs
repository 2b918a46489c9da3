using System.Globalization;
using Microsoft.Extensions.Primitives;
using Orders.Domain;
using Orders.Query.Reading;
using Orders.Query.Status;

namespace Orders.Query.Freshness;

/// <summary>
/// How current the read model is: sampled in the background, so that requests do not pay for it.
/// </summary>
internal sealed partial class Freshness(StatusStore store, TimeProvider time, ILogger<Freshness> logger) : BackgroundService
{
    public const string Unknown = "unknown";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // One late sample is no sign of lag. After this time, the lag is the last value plus the time since.
    private static readonly TimeSpan MayBeLate = TimeSpan.FromSeconds(2);

    private volatile Sample? _last;

    /// <summary>The lag of the read model; null when unknown.</summary>
    public TimeSpan? Lag => _last is { } sample ? LagOf(sample, Since(sample)) : null;

    /// <summary>Adds the headers to a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="exactly">To the millisecond, for callers of all merchants; else in steps, see
    /// <see cref="LagSteps"/>.</param>
    public void Write(HttpResponse response, bool exactly)
    {
        var sample = _last;
        response.Headers["X-As-Of"] = sample is null ? Unknown : exactly ? sample.AsOfText : sample.AsOfStepText;
        response.Headers["X-Replication-Lag"] = sample is null ? Unknown : exactly ? Text(sample, Since(sample)) : StepText(LagOf(sample, Since(sample)));
    }

    /// <summary>Takes a sample now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var at = time.GetTimestamp();
            var replication = await store.ReadReplicationAsync(cancellationToken);
            _last = Status.Lag.Of(replication) is { } lag ? new(at, Latest(Status.Lag.AsOf(replication)), replication.Now, (long)lag.TotalMilliseconds) : null;
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            // The last sample is still valid: nothing is committed while Postgres is unavailable.
            LogNotSeen(failure.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // The known time never goes back while shards come and go.
    private DateTimeOffset? Latest(DateTimeOffset? asOf) => _last?.AsOf > asOf || asOf is null ? _last?.AsOf : asOf;

    private static TimeSpan LagOf(Sample sample, TimeSpan since) => TimeSpan.FromMilliseconds(sample.LagMs) + (since <= MayBeLate ? TimeSpan.Zero : since);

    private TimeSpan Since(Sample sample) => time.GetElapsedTime(sample.At);

    private static StringValues StepText(TimeSpan lag) => ((long)LagSteps.Of(lag).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static StringValues Text(Sample sample, TimeSpan since) =>
        since <= MayBeLate ? sample.LagText : ((long)LagOf(sample, since).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Postgres could not be asked how current it is: {Reason}")]
    private partial void LogNotSeen(string reason);

    /// <summary>One sample, with the values of the headers.</summary>
    private sealed record Sample(long At, DateTimeOffset? AsOf, DateTimeOffset Now, long LagMs)
    {
        public StringValues AsOfText { get; } = AsOf is { } time ? Timestamp.Text(time) : Unknown;

        public StringValues AsOfStepText { get; } = AsOf is { } time ? Timestamp.Text(LagSteps.Of(time, Now)) : Unknown;

        public StringValues LagText { get; } = LagMs.ToString(CultureInfo.InvariantCulture);
    }
}
