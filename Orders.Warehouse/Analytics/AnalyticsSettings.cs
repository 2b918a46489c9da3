namespace Orders.Warehouse.Analytics;

/// <summary>What the page is told; everyone who opens it receives it.</summary>
/// <param name="LocalKey">The public key of Development, if it is valid; else null.</param>
internal sealed record AnalyticsSettings(AnalyticsSettings.Key? LocalKey)
{
    internal sealed record Key(string Id, string Secret);

    /// <summary>Reads it. A configured key replaces the local one, as in the sign-in.</summary>
    public static AnalyticsSettings Read(IConfiguration configuration, bool isDevelopment) =>
        new(isDevelopment && !configuration.GetSection("Orders:Keys").GetChildren().Any() ? new Key("foo", "bar") : null);
}
