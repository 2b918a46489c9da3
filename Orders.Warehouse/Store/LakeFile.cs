using System.Globalization;

namespace Orders.Warehouse.Store;

/// <summary>
/// Writes a local file whole or not at all: into a temporary file beside it, which is then renamed. The
/// writer holds a lock on the temporary file, which ends with its process; so the leftovers of a killed one
/// can be told from files that another instance is writing.
/// </summary>
internal static class LakeFile
{
    private const string Prefix = ".lake-";
    private const string Suffix = ".part";
    private const int Attempts = 5;

    /// <summary>
    /// The mode of a folder that only its owner may use: what is in the lake is every order.
    /// </summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;

    // On a file system without locks only a file that nothing has touched for so long is a leftover.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    /// <summary>Whether a file's name is that of a temporary file.</summary>
    public static bool IsTemporary(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Writes a file, in place of the one that is there.</summary>
    /// <param name="file">The file. Its folder is created.</param>
    /// <param name="write">Writes the content; may be called again.</param>
    /// <param name="isDurable">Whether it must be there after a power failure.</param>
    /// <param name="cancellationToken">Stops it. The file is then as before.</param>
    /// <param name="rights">Who may use the folders that are created, and with them the file.</param>
    public static async Task WriteAsync(
        string file, Func<Stream, CancellationToken, Task> write, bool isDurable, CancellationToken cancellationToken, UnixFileMode rights = OwnerOnly)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryWriteAsync(file, write, isDurable, rights, cancellationToken);
                return;
            }
            catch (IOException lost) when (attempt < Attempts && (lost is FileNotFoundException or DirectoryNotFoundException || IsLocked(lost)))
            {
                // Another instance swept between the creation of the file and its lock, or removed the
                // folder.
            }
        }
    }

    /// <summary>
    /// Who may use what is created in a lake's folder: those who may use the folder itself. So an operator
    /// who makes it before the first start decides who reads the lake.
    /// </summary>
    /// <param name="folder">The folder; if missing, only its owner may.</param>
    public static UnixFileMode RightsOf(string folder) =>
        !OperatingSystem.IsWindows() && Directory.Exists(folder) ? File.GetUnixFileMode(folder) & Everything : OwnerOnly;

    /// <summary>Gives a file that others wrote into a lake's folder the rights of the folder.</summary>
    public static void TakeRights(string file, string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, RightsOf(folder) & ~AnyExecute);
        }
    }

    /// <summary>Creates a folder with its parents.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rights">Who may use it.</param>
    /// <returns>The folders that got a new entry.</returns>
    public static List<string> Create(string folder, UnixFileMode rights)
    {
        List<string> parents = [];
        var missing = new Stack<string>();
        for (var at = folder; !Directory.Exists(at) && Path.GetDirectoryName(at) is { } parent; at = parent)
        {
            missing.Push(at);
            parents.Add(parent);
        }

        // One by one: .NET gives missing parents the default mode.
        foreach (var each in missing)
        {
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(each) : Directory.CreateDirectory(each, rights);
        }

        return parents;
    }

    /// <summary>Deletes the temporary files of killed processes.</summary>
    /// <param name="folder">Where, with all folders in it.</param>
    /// <param name="now">The time.</param>
    public static void Sweep(string folder, DateTimeOffset now)
    {
        var hasLocks = HasLocks(folder);
        foreach (var left in Directory.EnumerateFiles(folder, Prefix + "*" + Suffix, Everywhere))
        {
            try
            {
                if (hasLocks || File.GetLastWriteTimeUtc(left) < now.UtcDateTime - LongestWrite)
                {
                    // Fails while a writer holds its lock; deletes by name when it is closed.
                    using var held = new FileStream(left, new FileStreamOptions
                    {
                        Mode = FileMode.Open,
                        Access = FileAccess.ReadWrite,
                        Share = FileShare.None,
                        Options = FileOptions.DeleteOnClose,
                    });
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It is being written, or is not ours to delete.
            }
        }
    }

    private static async Task TryWriteAsync(string file, Func<Stream, CancellationToken, Task> write, bool isDurable, UnixFileMode rights, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(file)!;
        var made = Create(folder, rights);
        var temporary = Path.Combine(folder, NewName());
        try
        {
            await using var stream = OpenNew(temporary, rights);
            await write(stream, cancellationToken);
            if (isDurable)
            {
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }

        if (isDurable)
        {
            DirectorySync.Flush(folder);
            made.ForEach(DirectorySync.Flush);
        }
    }

    // Everyone may read and rename it meanwhile: what is kept is the shared lock, until after the rename.
    private static FileStream OpenNew(string temporary, UnixFileMode rights)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = rights & ~AnyExecute;
        }

        return new(temporary, options);
    }

    private static string NewName() => $"{Prefix}{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)}{Suffix}";

    private static bool HasLocks(string folder)
    {
        var probe = Path.Combine(folder, NewName());
        try
        {
            using var held = OpenNew(probe, OwnerOnly);
            using var second = new FileStream(probe, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException taken) when (IsLocked(taken))
        {
            return true;
        }
        finally
        {
            Remove(probe);
        }
    }

    private static bool IsLocked(IOException failure)
    {
        const int Windows = unchecked((int)0x80070020);
        const int Linux = 11;
        const int Mac = 35;
        return failure.HResult == (OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? Mac : Linux);
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start removes it.
        }
    }
}
