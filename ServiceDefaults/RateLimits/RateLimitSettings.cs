using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Orders.ServiceDefaults;

/// <summary>How much is let through, from <c>Orders:RateLimit</c>.</summary>
/// <param name="PerSecond">Requests a second for each key.</param>
/// <param name="Burst">Requests at once after a pause, for each key.</param>
/// <param name="FailedSignInsPerSecond">Failed sign-ins a second for each remote address.</param>
/// <param name="FailedSignInBurst">Failed sign-ins at once after a pause, for each remote address.</param>
internal sealed record RateLimitSettings(int PerSecond, int Burst, int FailedSignInsPerSecond, int FailedSignInBurst)
{
    public const string Section = "Orders:RateLimit";

    public static RateLimitSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new(
            Positive(section, "PerSecond", 5_000),
            Positive(section, "Burst", 10_000),
            Positive(section, "FailedSignInsPerSecond", 20),
            Positive(section, "FailedSignInBurst", 100));
    }

    private static int Positive(IConfigurationSection section, string name, int fallback)
    {
        var text = section[name];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new SettingsException($"Orders__RateLimit__{name}", $"'{text}' is not a whole number above zero.", $"Correct it or leave it out for {fallback}.");
    }
}
