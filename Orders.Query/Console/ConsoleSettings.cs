using System.Text.Json.Serialization;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Console;

/// <summary>
/// The settings of the console page, from <c>Console</c>. Everyone who opens the page receives them, so they
/// contain no secret.
/// </summary>
/// <param name="ApiUrl"><c>Console:ApiUrl</c>: the address of Orders.Api for browsers; null for a page that
/// places no orders.</param>
/// <param name="LocalKey">The public key of Development, if it is valid; else null.</param>
internal sealed record ConsoleSettings(string? ApiUrl, ConsoleSettings.Key? LocalKey)
{
    private const string LocalApiUrl = "http://localhost:8080";

    internal sealed record Key(string Id, string Secret);

    /// <summary>The origin of <see cref="ApiUrl"/> for the Content-Security-Policy; null for none.</summary>
    [JsonIgnore]
    public string? ApiOrigin => ApiUrl is null ? null : new Uri(ApiUrl).GetLeftPart(UriPartial.Authority);

    /// <exception cref="SettingsException">A browser cannot use the address.</exception>
    public static ConsoleSettings Read(IConfiguration configuration, bool isDevelopment) => ConfigurationReader.Read(configuration, "Console", settings =>
    {
        // The same condition as in the sign-in: a configured key replaces the local one.
        var localKey = isDevelopment && !configuration.GetSection("Orders:Keys").GetChildren().Any() ? new Key("foo", "bar") : null;
        return new ConsoleSettings(ReadApiUrl(settings) ?? (isDevelopment ? LocalApiUrl : null), localKey);
    });

    private static string? ReadApiUrl(ConfigurationReader settings)
    {
        if (settings.Verbatim("ApiUrl") is not { } text)
        {
            return null;
        }
        // The value goes into a header, so the parser's normalized form is used.
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url.AbsoluteUri.TrimEnd('/')
            : settings.Refuse<string?>("ApiUrl", $"'{text}' is not an address that begins with http:// or https://.", "Correct it, or leave it out for a page that only reads.", null);
    }
}
