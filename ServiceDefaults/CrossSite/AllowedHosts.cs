using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Orders.ServiceDefaults.CrossSite;

/// <summary>
/// The names of this service, from <c>Orders:Http:AllowedHosts</c>, else from the platform's setting
/// <c>AllowedHosts</c>: names or <c>*.name</c>, separated by semicolons; <c>*</c> for any.
/// </summary>
internal sealed class AllowedHosts
{
    private const string Setting = "Orders:Http:AllowedHosts";
    private const string OfPlatform = "AllowedHosts";

    private const string Any = "*";

    private static readonly StringSegment[] ThisMachine = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

    private readonly StringSegment[] _names;

    private AllowedHosts(StringSegment[] names) => _names = names;

    /// <summary>
    /// Reads them. The default in Development is this machine; elsewhere it is any, since only the operator
    /// knows the names.
    /// </summary>
    public static AllowedHosts Read(IConfiguration configuration, bool isDevelopment)
    {
        var texts = (configuration[Setting] ?? configuration[OfPlatform] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(texts is [] ? isDevelopment ? ThisMachine : [Any] : [.. texts.Select(text => new StringSegment(text))]);
    }

    /// <summary>
    /// Whether this is one of them. A request without a host (HTTP/1.0) comes from no browser.
    /// </summary>
    public bool Allow(HostString host) => !host.HasValue || Array.Exists(_names, name => name == Any) || HostString.MatchesAny(new StringSegment(host.Host), _names);
}
