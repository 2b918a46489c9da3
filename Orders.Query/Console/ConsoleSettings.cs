using System.Text.Json.Serialization;
using Orders.ServiceDefaults.Settings;

namespace Orders.Query.Console;

/// <summary>
/// What the console page must be told, from <c>Console</c>. It goes to whoever opens the page: nothing in it
/// is a secret.
/// </summary>
/// <param name="ApiUrl"><c>Console:ApiUrl</c>: where a browser reaches Orders.Api; null for a page that
/// places no orders.</param>
/// <param name="LocalKey">The key that everybody knows, where it is the one to sign in with; else
/// null.</param>
internal sealed record ConsoleSettings(string? ApiUrl, ConsoleSettings.Key? LocalKey)
{
    private const string LocalApiUrl = "http://localhost:8080";

    internal sealed record Key(string Id, string Secret);

    /// <summary>
    /// The part of <see cref="ApiUrl"/> that a Content-Security-Policy names; null when there is none.
    /// </summary>
    [JsonIgnore]
    public string? ApiOrigin => ApiUrl is null ? null : new Uri(ApiUrl).GetLeftPart(UriPartial.Authority);

    /// <exception cref="SettingsException">The address is none that a browser can use.</exception>
    public static ConsoleSettings Read(IConfiguration configuration, bool isDevelopment) => ConfigurationReader.Read(configuration, "Console", settings =>
    {
        // The same condition as the sign-in's own: a key that is configured replaces the local one.
        var localKey = isDevelopment && !configuration.GetSection("Orders:Keys").GetChildren().Any() ? new Key("foo", "bar") : null;
        return new ConsoleSettings(ReadApiUrl(settings) ?? (isDevelopment ? LocalApiUrl : null), localKey);
    });

    private static string? ReadApiUrl(ConfigurationReader settings)
    {
        if (settings.Verbatim("ApiUrl") is not { } text)
        {
            return null;
        }
        // Whatever ends up in a header must be nothing but an address: the parser's own spelling of it.
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" }
            ? url.AbsoluteUri.TrimEnd('/')
            : settings.Refuse<string?>("ApiUrl", $"'{text}' is not an address that begins with http:// or https://.", "Correct it, or leave it out for a page that only reads.", null);
    }
}
