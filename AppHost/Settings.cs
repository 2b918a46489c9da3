using Microsoft.Extensions.Configuration;
using Orders.Engines;

namespace Orders.AppHost;

/// <summary>Reads the settings of AppHost itself.</summary>
internal static class Settings
{
    private static readonly string[] Flags = ["Engines", "Ephemeral"];

    /// <summary>Yes or no; null if it is not set.</summary>
    /// <exception cref="EngineException">It is neither.</exception>
    public static bool? Flag(this IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new EngineException($"{name}: '{text}' is neither true nor false", $"Give --{name}=true, --{name}=false, or leave it out."),
    };

    /// <summary>
    /// The command line with a value for each flag that has none. .NET would take the next argument as the
    /// value, and ignore a flag at the end.
    /// </summary>
    public static string[] WithFlags(string[] args) =>
        [.. args.Select((arg, i) => IsFlag(arg) && args.ElementAtOrDefault(i + 1)?.StartsWith("--", StringComparison.Ordinal) != false ? $"{arg}=true" : arg)];

    private static bool IsFlag(string arg) => Flags.Any(flag => string.Equals(arg, $"--{flag}", StringComparison.OrdinalIgnoreCase));
}
