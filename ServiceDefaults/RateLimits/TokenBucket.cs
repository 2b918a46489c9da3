using System.Threading.RateLimiting;

namespace Orders.ServiceDefaults.RateLimits;

internal static class TokenBucket
{
    // The limiter's own timer ticks every 100 ms; finer periods would only add rounding.
    private const int TicksPerSecond = 10;

    /// <summary>
    /// A bucket that fills by <paramref name="perSecond"/> and holds <paramref name="burst"/>. There is no
    /// queue: the response is 429.
    /// </summary>
    public static TokenBucketRateLimiterOptions Options(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond % TicksPerSecond == 0 ? perSecond / TicksPerSecond : perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(perSecond % TicksPerSecond == 0 ? 1.0 / TicksPerSecond : 1),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
