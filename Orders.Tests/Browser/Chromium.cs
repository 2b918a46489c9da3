using Microsoft.Playwright;
using Orders.Engines.Processes;

namespace Orders.Tests.Browser;

/// <summary>
/// The Chromium of this machine. Playwright drives it; its own browsers are downloads, which tests do not
/// do.
/// </summary>
internal static class Chromium
{
    public const string Absent = "no Chromium on this machine: apt-get install chromium (or set CHROMIUM to the path of one)";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Its path; null where there is none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named
            ? named
            : Names.Select(name => Executables.Find(name, Environment.GetEnvironmentVariable("PATH") ?? "")).FirstOrDefault(path => path is not null);

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright, string path) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = path });
}
