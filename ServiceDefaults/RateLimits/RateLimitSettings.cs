using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.RateLimits;

/// <summary>The rate limits, from <c>Orders:RateLimit</c>.</summary>
/// <param name="PerSecond">Requests a second for each key.</param>
/// <param name="Burst">Requests at once after a pause, for each key.</param>
/// <param name="FailedSignInsPerSecond">Failed sign-ins a second for each remote address.</param>
/// <param name="FailedSignInBurst">Failed sign-ins at once after a pause, for each remote address.</param>
internal sealed record RateLimitSettings(int PerSecond, int Burst, int FailedSignInsPerSecond, int FailedSignInBurst)
{
    public const string Section = "Orders:RateLimit";

    public static RateLimitSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, Section, settings => new RateLimitSettings(
        settings.Positive("PerSecond", 5_000),
        settings.Positive("Burst", 10_000),
        settings.Positive("FailedSignInsPerSecond", 20),
        settings.Positive("FailedSignInBurst", 100)));
}
