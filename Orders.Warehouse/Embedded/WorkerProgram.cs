using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orders.Warehouse.Embedded;

/// <summary>How this program starts a process of itself, whatever program it is a part of.</summary>
internal static class WorkerProgram
{
    // What a process of .NET needs; nothing that has a password in it.
    private static readonly string[] Kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "DOTNET_ROOT", "LD_LIBRARY_PATH", "SystemRoot", "USERPROFILE"];

    /// <summary>The command line.</summary>
    public static ProcessStartInfo Start(string argument)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var assembly = typeof(WorkerProgram).Assembly.Location;
        if (assembly.Length == 0)
        {
            // One file with everything in it.
            start.FileName = Environment.ProcessPath!;
        }
        else
        {
            start.FileName = Dotnet();
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(assembly);
        }

        start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => !Kept.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        // Quick to start, small, and nobody else's tool in it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return start;
    }

    private static string Dotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Path.GetFileName(Environment.ProcessPath) == name)
        {
            return Environment.ProcessPath!;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var beside = Path.Combine(root, name);
        return File.Exists(beside) ? beside : name;
    }
}
