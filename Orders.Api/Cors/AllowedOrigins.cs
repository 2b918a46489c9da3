using Orders.ServiceDefaults.CrossSite;
using Orders.ServiceDefaults.Settings;

namespace Orders.Api.Cors;

/// <summary>
/// The origins whose pages may call this service (CORS), from <c>Orders:Api:AllowedOrigins</c>.
/// </summary>
internal sealed class AllowedOrigins : IAllowedOrigins
{
    private const string Section = "Orders:Api";
    private const string Setting = "AllowedOrigins";

    private readonly HashSet<string> _origins;
    private readonly bool _loopback;

    private AllowedOrigins(IEnumerable<string> origins, bool loopback) => (_origins, _loopback) = (new(origins, StringComparer.Ordinal), loopback);

    /// <summary>
    /// Reads them: origins separated by commas. The default in Development is every page of this machine,
    /// since Orders.Query may use any port; elsewhere it is none.
    /// </summary>
    /// <exception cref="SettingsException">One is not an origin.</exception>
    public static AllowedOrigins Read(IConfiguration configuration, bool isDevelopment) => ConfigurationReader.Read(configuration, Section, settings =>
    {
        var texts = (settings.Text(Setting) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return texts is [] ? new AllowedOrigins([], isDevelopment) : new([.. texts.Select(text => ReadOrigin(settings, text))], loopback: false);
    });

    /// <inheritdoc/>
    public bool Allow(string origin) =>
        _origins.Contains(origin) || _loopback && Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.IsLoopback;

    // A browser sends scheme, host and a non-default port, in lower case and without a slash. The Uri is
    // normalized in the same way.
    private static string ReadOrigin(ConfigurationReader settings, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? url.GetLeftPart(UriPartial.Authority)
            : settings.Refuse(Setting, $"'{text}' is not an origin.", "Write it as a browser does: https://console.example.com, with commas between several.", text);
}
