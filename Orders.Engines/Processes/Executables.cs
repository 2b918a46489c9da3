namespace Orders.Engines.Processes;

/// <summary>Finds programs in the folders of a search path.</summary>
internal static class Executables
{
    /// <summary>The first program of that name, or null.</summary>
    public static string? Find(string name, string searchPath) => All(name, searchPath).FirstOrDefault();

    /// <summary>
    /// The first native program of that name, not a script. A script, such as a shim of npm or asdf, starts
    /// the engine as its child, and stopping the script would leave the child running.
    /// </summary>
    public static string? FindNative(string name, string searchPath) => All(name, searchPath).FirstOrDefault(path => !IsScript(path));

    private static IEnumerable<string> All(string name, string searchPath) =>
        from folder in searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        from file in OperatingSystem.IsWindows() ? new[] { name + ".exe", name + ".cmd" } : [name]
        let path = Path.Combine(folder, file)
        where Path.IsPathRooted(folder) && IsExecutable(path)
        select path;

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        // In .NET, a link without a target exists.
        return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is null or { Exists: true }
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None);
    }

    private static bool IsScript(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return path.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase);
        }

        using var file = File.OpenRead(path);
        return file.ReadByte() == '#' && file.ReadByte() == '!';
    }
}
