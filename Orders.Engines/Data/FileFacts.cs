using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orders.Engines.Data;

/// <summary>
/// What the system says of a file or folder: its kind, its owner, and who may do what with it.
/// </summary>
/// <param name="Kind">File, folder, link or something else.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Uid">The user that it belongs to.</param>
/// <param name="Gid">The group that it belongs to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct FileFacts(FileFacts.Kinds Kind, UnixFileMode Mode, uint Uid, uint Gid)
{
    private const int KindBits = 0xF000;
    private const int ModeBits = 0x0FFF;

    /// <summary>The kinds of files, as in the file mode.</summary>
    public enum Kinds
    {
        /// <summary>A folder.</summary>
        Folder = 0x4000,

        /// <summary>A regular file.</summary>
        File = 0x8000,

        /// <summary>A symbolic link.</summary>
        Link = 0xA000,
    }

    /// <summary>Those of a path; of a link, those of the link itself. Null if there is nothing.</summary>
    public static FileFacts? Of(string path) => LStat(path, out var status) == 0 ? From(status) : null;

    /// <summary>Those of an open file.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static FileFacts Of(SafeFileHandle file) => FStat(file, out var status) == 0 ? From(status) : throw new IOException("The owner of an open file cannot be read.");

    private static FileFacts From(Status status) =>
        new((Kinds)(status.Mode & KindBits), (UnixFileMode)(status.Mode & ModeBits), status.Uid, status.Gid);

    // .NET's own library: in libc, the layout differs between systems and processors.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, out Status status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_FStat")]
    private static partial int FStat(SafeFileHandle file, out Status status);

    // It begins with these; sizes and times follow.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Status
    {
        public int Flags;
        public int Mode;
        public uint Uid;
        public uint Gid;
    }
}
