using System.Globalization;
using Orders.Engines.Data;

namespace Orders.Engines.Npm;

/// <summary>The folder for npm packages, named by <c>ORDERS_CACHE</c> or by the system.</summary>
internal static class CacheFolder
{
    private const string Setting = "ORDERS_CACHE";

    /// <summary>
    /// Checks it once, so that not every engine reports the same problem. A folder that has packages need
    /// not be writable.
    /// </summary>
    /// <exception cref="EngineException">It cannot be created; it is empty and not writable; or other users
    /// could put programs there.</exception>
    public static void Check()
    {
        var path = Platform.DefaultCacheFolder();
        FolderTrust.CheckShared(path, Setting);
        try
        {
            Directory.CreateDirectory(path);
            if (!Directory.EnumerateDirectories(path).Any())
            {
                var probe = Path.Combine(path, $".probe-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)}");
                Directory.CreateDirectory(probe);
                Folders.Remove(probe);
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Environment.GetEnvironmentVariable(Setting) is { Length: > 0 }
                ? new EngineException($"{Setting} names '{path}', where no folder can be made", $"Let it name a folder that you may write, or unset it.", inner: failure)
                : new EngineException($"The folder '{path}' for npm's packages cannot be made", $"Let {Setting} name one that you may write.", inner: failure);
        }
    }
}
