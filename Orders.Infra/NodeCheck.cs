using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>
/// The constructs of the CDK live in Node. Its bridge fails without one, and crashes again while the process
/// ends: so it is looked for first.
/// </summary>
internal static class NodeCheck
{
    // What the bridge starts in place of "node".
    private const string ProgramVariable = "JSII_NODE";

    /// <summary>Looks for it as the bridge does.</summary>
    /// <param name="variable">An environment variable by its name; null for none.</param>
    /// <exception cref="StackSettingException">It is not there.</exception>
    public static void Run(Func<string, string?> variable)
    {
        var program = variable(ProgramVariable) is { Length: > 0 } other ? other : "node";
        var folders = (variable("PATH") ?? "").Split(Path.PathSeparator);
        // A full path stands for itself in every folder.
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe"))))
        {
            throw new StackSettingException("PATH", $"The CDK runs in Node, and there is no '{program}'.", "Install Node 20 or later.");
        }
    }
}
