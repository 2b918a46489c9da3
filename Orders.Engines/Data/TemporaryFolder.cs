namespace Orders.Engines.Data;

/// <summary>The system's temporary folder, which <c>TMPDIR</c> names (Windows: <c>TMP</c>).</summary>
internal static class TemporaryFolder
{
    private static readonly string Setting = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    /// <summary>
    /// Checks that it is writable before anything needs it, and that no other user can replace what is made
    /// in it. Makes a relative path absolute, so that it means the same to every child process.
    /// </summary>
    /// <exception cref="EngineException">It does not exist, is not a folder, is not writable, or is not safe
    /// from others.</exception>
    public static void Check()
    {
        var path = Path.GetFullPath(Path.GetTempPath());
        try
        {
            var probe = Path.Combine(path, $"orders-probe-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                // It is writable: the file could be created.
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new EngineException(
                $"The temporary folder '{path}' cannot be written", $"Let {Setting} name a folder that is there and that you may write, or unset it.", inner: failure);
        }

        FolderTrust.CheckShared(path, Setting);
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 })
        {
            Environment.SetEnvironmentVariable(Setting, path);
        }
    }
}
