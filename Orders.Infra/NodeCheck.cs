using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>
/// Checks that Node is installed. The constructs of the CDK run in Node; without it the bridge fails, and
/// crashes again when the process ends.
/// </summary>
internal static class NodeCheck
{
    // The variable that replaces the command "node" for the bridge.
    private const string ProgramVariable = "JSII_NODE";

    /// <summary>Searches in the same way as the bridge.</summary>
    /// <param name="variable">An environment variable by its name; null for none.</param>
    /// <exception cref="StackSettingException">It is not there.</exception>
    public static void Run(Func<string, string?> variable)
    {
        var program = variable(ProgramVariable) is { Length: > 0 } other ? other : "node";
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator);
        // Combining a full path with a folder gives the full path.
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe"))))
        {
            throw new StackSettingException("PATH", $"The CDK runs in Node, and there is no '{program}'.", "Install Node 20 or later.");
        }
    }
}
