using Orders.ServiceDefaults.Settings;

namespace Orders.Api.Cors;

/// <summary>Whose pages a browser lets call this service, from <c>Orders:Api:AllowedOrigins</c>.</summary>
internal sealed class AllowedOrigins
{
    private const string Section = "Orders:Api";
    private const string Setting = "AllowedOrigins";

    private readonly HashSet<string> _origins;
    private readonly bool _loopback;

    private AllowedOrigins(IEnumerable<string> origins, bool loopback) => (_origins, _loopback) = (new(origins, StringComparer.Ordinal), loopback);

    /// <summary>
    /// Reads them: origins with commas between. Left out they are every page of this machine in Development,
    /// where Orders.Query may listen on any port, and none elsewhere.
    /// </summary>
    /// <exception cref="SettingsException">One is no origin.</exception>
    public static AllowedOrigins Read(IConfiguration configuration, bool isDevelopment) => ConfigurationReader.Read(configuration, Section, settings =>
    {
        var texts = (settings.Text(Setting) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return texts is [] ? new AllowedOrigins([], isDevelopment) : new([.. texts.Select(text => ReadOrigin(settings, text))], loopback: false);
    });

    /// <summary>Whether a page of this origin may.</summary>
    /// <param name="origin">As the browser sends it.</param>
    public bool Allow(string origin) =>
        _origins.Contains(origin) || _loopback && Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.IsLoopback;

    // A browser sends scheme, host and a port that is not the usual one, in lower case and without a slash;
    // the Uri spells it so.
    private static string ReadOrigin(ConfigurationReader settings, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? url.GetLeftPart(UriPartial.Authority)
            : settings.Refuse(Setting, $"'{text}' is not an origin.", "Write it as a browser does: https://console.example.com, with commas between several.", text);
}
