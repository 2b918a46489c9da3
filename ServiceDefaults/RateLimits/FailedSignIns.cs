using System.Net;
using System.Threading.RateLimiting;

namespace Orders.ServiceDefaults;

/// <summary>
/// Counts failed sign-ins for each remote address, so that secrets cannot be guessed quickly. Behind a load balancer every address is the
/// balancer's unless the platform's <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED=true</c> says to believe its <c>X-Forwarded-For</c>.
/// </summary>
internal sealed class FailedSignIns(RateLimitSettings settings) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => TokenBucket.Options(settings.FailedSignInsPerSecond, settings.FailedSignInBurst)));

    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);

    public bool AreTooMany(IPAddress? address)
    {
        // Zero permits are granted while at least one is left.
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None, 0);
        return !lease.IsAcquired;
    }

    public void Count(IPAddress? address) => _limiter.AttemptAcquire(address ?? IPAddress.None).Dispose();

    public void Dispose() => _limiter.Dispose();
}
