using System.CommandLine;

namespace Orders.ServiceDefaults.Commands;

/// <summary>Options that several commands have.</summary>
public static class CommonOptions
{
    /// <summary><c>--json</c></summary>
    public static Option<bool> Json() => new("--json") { Description = "Write the result as one JSON document." };
}
