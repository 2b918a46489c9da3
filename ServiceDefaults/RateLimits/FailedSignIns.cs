using System.Net;
using System.Threading.RateLimiting;

namespace Orders.ServiceDefaults.RateLimits;

/// <summary>
/// Counts failed sign-ins for each remote address, so that secrets cannot be guessed quickly. Behind a load
/// balancer every address is the balancer's, unless <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED=true</c> makes
/// the platform trust <c>X-Forwarded-For</c>.
/// </summary>
internal sealed class FailedSignIns(RateLimitSettings settings) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => TokenBucket.Options(settings.FailedSignInsPerSecond, settings.FailedSignInBurst)));

    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);

    // Not by acquiring zero permits: that succeeds with a fraction of a permit left, from which a failure
    // cannot be charged.
    public bool AreTooMany(IPAddress? address) => _limiter.GetStatistics(address ?? IPAddress.None) is { CurrentAvailablePermits: < 1 };

    public void Count(IPAddress? address) => _limiter.AttemptAcquire(address ?? IPAddress.None).Dispose();

    public void Dispose() => _limiter.Dispose();
}
