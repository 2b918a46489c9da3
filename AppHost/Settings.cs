using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Orders.Engines;

namespace Orders.AppHost;

/// <summary>Reads the settings of AppHost itself.</summary>
internal static class Settings
{
    private static readonly string[] Flags = ["Engines", "Ephemeral"];
    private static readonly string[] Names = [.. Flags, "data", "api-port", "query-port", "sync-port", "graphql-port"];

    // One letter left out or doubled, or two exchanged; of a short name one.
    private const int Slip = 2;
    private const int ShortName = 5;

    /// <summary>Yes or no; null where it is not set.</summary>
    /// <exception cref="EngineException">It is neither.</exception>
    public static bool? Flag(this IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new EngineException($"{name}: '{text}' is neither true nor false", $"Give --{name}=true, --{name}=false, or leave it out."),
    };

    /// <summary>
    /// The command line with a value for each flag that has none: .NET takes the argument after it for its
    /// value, and ignores one at the end.
    /// </summary>
    public static string[] WithFlags(string[] args) =>
        [.. args.Select((arg, i) => IsFlag(arg) && args.ElementAtOrDefault(i + 1)?.StartsWith("--", StringComparison.Ordinal) != false ? $"{arg}=true" : arg)];

    /// <summary>
    /// Looks for a mistyped argument. It would be taken for one of Aspire's many, and change nothing.
    /// </summary>
    /// <exception cref="EngineException">There is one; the message names the nearest that there
    /// is.</exception>
    public static void CheckNames(IConfiguration configuration)
    {
        foreach (var name in ((IConfigurationRoot)configuration).Providers.OfType<CommandLineConfigurationProvider>().SelectMany(given => given.GetChildKeys([], parentPath: null)))
        {
            var (nearest, changes) = NearestName.Of(name, Names);
            if (!string.Equals(name, nearest, StringComparison.OrdinalIgnoreCase) && changes <= (nearest.Length < ShortName ? 1 : Slip))
            {
                throw new EngineException($"--{name}: AppHost has no such setting", $"The nearest is --{nearest}.");
            }
        }
    }

    private static bool IsFlag(string arg) => Flags.Any(flag => string.Equals(arg, $"--{flag}", StringComparison.OrdinalIgnoreCase));
}
