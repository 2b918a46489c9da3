namespace Orders.Engines.Data;

/// <summary>The system's temporary folder, which <c>TMPDIR</c> names (Windows: <c>TMP</c>).</summary>
internal static class TemporaryFolder
{
    private static readonly string Setting = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    /// <summary>
    /// Sees that it can be written, before anything needs it, and lets a relative name mean the same to
    /// every program that is started from here.
    /// </summary>
    /// <exception cref="EngineException">It is not there, is no folder, or cannot be written.</exception>
    public static void Check()
    {
        var path = Path.GetFullPath(Path.GetTempPath());
        try
        {
            var probe = Path.Combine(path, $"orders-probe-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose))
            {
                // That it could be made is enough.
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new EngineException(
                $"The temporary folder '{path}' cannot be written", $"Let {Setting} name a folder that is there and that you may write, or unset it.", inner: failure);
        }

        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 })
        {
            Environment.SetEnvironmentVariable(Setting, path);
        }
    }
}
