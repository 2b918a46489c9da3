using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Orders.ServiceDefaults.RateLimits;

/// <summary>
/// Counts failed sign-ins for each remote address, so that secrets cannot be guessed quickly. Behind a load
/// balancer every address is the balancer's, unless <c>ASPNETCORE_FORWARDEDHEADERS_ENABLED=true</c> makes
/// the platform trust <c>X-Forwarded-For</c>.
/// </summary>
internal sealed class FailedSignIns(RateLimitSettings settings) : IDisposable
{
    // A site of IPv6 has at least so many bits of its own, and may use every address of them.
    private const int SiteBytes = 8;

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetTokenBucketLimiter(Site(address), _ => TokenBucket.Options(settings.FailedSignInsPerSecond, settings.FailedSignInBurst)));

    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Counts a failed sign-in.</summary>
    /// <returns>False when there were too many from there.</returns>
    public bool TryCount(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static IPAddress Site(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(SiteBytes).Clear();
        return new(bytes);
    }
}
