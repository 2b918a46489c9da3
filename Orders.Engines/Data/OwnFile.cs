using System.Text;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>
/// Reads and writes the small files of a data folder. Nothing is read or written through a link, nothing is
/// taken from a file that another user owns or may write, and nobody else may read what is written.
/// </summary>
internal static class OwnFile
{
    /// <summary>The mode of a file that only its owner may read and write.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Others may not write a file or folder without these.</summary>
    public const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Creates a file in place of what is there; of a link, in place of the link.</summary>
    /// <param name="path">The file.</param>
    /// <param name="share">What others may do while it is open.</param>
    public static FileStream Create(string path, FileShare share = FileShare.Read)
    {
        File.Delete(path);
        // CreateNew fails if somebody was faster; it does not follow a link.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return new(path, options);
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="owner">Who gets it; null for this user.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, SystemUser? owner = null)
    {
        var unfinished = path + ".new";
        using (var file = Create(unfinished))
        {
            file.Write(content);
            file.Flush();
            if (owner is not null)
            {
                Native.Give(file.SafeFileHandle, owner);
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, SystemUser?)"/>
    public static void Write(string path, string content, SystemUser? owner = null) => Write(path, Encoding.UTF8.GetBytes(content), owner);

    /// <summary>
    /// Its content; null if there is none, and null for a link, a file of another user, and one that others
    /// may write.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="owner">Who must own it; null for this user.</param>
    public static string? Read(string path, SystemUser? owner = null)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return File.ReadAllText(path);
            }

            // To open a pipe would wait for its writer.
            if (FileFacts.Of(path) is not { Kind: FileFacts.Kinds.File })
            {
                return null;
            }

            using var file = Native.OpenToRead(path);
            if (FileFacts.Of(file) is not { Kind: FileFacts.Kinds.File } facts || facts.Uid != (owner?.Uid ?? Native.UserId) || (facts.Mode & WritableByOthers) != UnixFileMode.None)
            {
                return null;
            }

            using var reader = new StreamReader(new FileStream(file, FileAccess.Read));
            return reader.ReadToEnd();
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
