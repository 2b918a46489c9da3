using Microsoft.Extensions.Configuration;
using Orders.Engines;

namespace Orders.AppHost;

/// <summary>Reads the settings of AppHost itself.</summary>
internal static class Settings
{
    /// <summary>Yes or no; null where it is not set.</summary>
    /// <exception cref="EngineException">It is neither.</exception>
    public static bool? Flag(this IConfiguration configuration, string name) => configuration[name] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new EngineException($"{name}: '{text}' is neither true nor false", $"Give --{name}=true, --{name}=false, or leave it out."),
    };
}
