using Microsoft.Extensions.Configuration;
using Orders.Infra;
using Orders.Infra.Settings;

namespace Orders.AppHost.Aws;

/// <summary>
/// The parameters of the stack, named like Aspire's own: <c>Parameters:name</c> in any source of the
/// configuration.
/// </summary>
internal static class StackParameters
{
    private const string Section = "Parameters";

    // One letter left out or doubled, or two exchanged.
    private const int Slip = 2;

    /// <summary>The text of a parameter; null if it is not set.</summary>
    public static string? Of(IConfiguration configuration, string name) => configuration[$"{Section}:{name}"];

    /// <summary>Refuses parameters that the stack does not have.</summary>
    /// <exception cref="StackSettingException">There is one; the message suggests the nearest known
    /// name.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var name in configuration.GetSection(Section).GetChildren().Select(given => given.Key))
        {
            var (nearest, changes) = NearestName.Of(name, OrdersApp.Parameters);
            if (!string.Equals(name, nearest, StringComparison.OrdinalIgnoreCase) && !(IsContainers(name) && changes > Slip))
            {
                throw new StackSettingException($"{Section}:{name}", "The stack has no such parameter.", $"The nearest is {nearest}.");
            }
        }
    }

    // Aspire keeps parameters of the local containers in the same section, for example postgres-password. No
    // parameter of the stack has a hyphen.
    private static bool IsContainers(string name) => name.Contains('-', StringComparison.Ordinal);
}
