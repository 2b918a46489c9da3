using Microsoft.Extensions.Configuration;
using Orders.Infra;
using Orders.Infra.Settings;

namespace Orders.AppHost.Aws;

/// <summary>
/// The parameters of the stack, as Aspire has its own: <c>Parameters:name</c> of the configuration, wherever
/// that comes from.
/// </summary>
internal static class StackParameters
{
    private const string Section = "Parameters";

    // One letter left out or doubled, or two exchanged.
    private const int Slip = 2;

    /// <summary>A parameter's text; null for none.</summary>
    public static string? Of(IConfiguration configuration, string name) => configuration[$"{Section}:{name}"];

    /// <summary>Looks for parameters that the stack does not have.</summary>
    /// <exception cref="StackSettingException">There is one; the message names the nearest that it
    /// has.</exception>
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

    // Aspire keeps those of the containers of this machine in the same place, for example postgres-password;
    // no parameter of the stack has a hyphen.
    private static bool IsContainers(string name) => name.Contains('-', StringComparison.Ordinal);
}
