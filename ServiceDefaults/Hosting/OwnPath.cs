using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>Tells what this user made from what another user put there.</summary>
public static partial class OwnPath
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const int ModeBits = 0x0FFF;
    private const int KindBits = 0xF000;
    private const int Link = 0xA000;

    /// <summary>
    /// Whether a file or folder belongs to this user, and nobody else may write it; of a link, whether both
    /// it and what it leads to do. Always true on Windows, where folders are not shared by default.
    /// </summary>
    public static bool IsOwn(string path) => OperatingSystem.IsWindows() || IsOwnOnUnix(path);

    [UnsupportedOSPlatform("windows")]
    private static bool IsOwnOnUnix(string path)
    {
        if (LStat(path, out var status) != 0 || status.Uid != UserId())
        {
            return false;
        }

        return (status.Mode & KindBits) == Link
            ? File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target && IsOwnOnUnix(target.FullName)
            : ((UnixFileMode)(status.Mode & ModeBits) & WritableByOthers) == UnixFileMode.None;
    }

    // .NET's own library: in libc, the layout differs between systems and processors.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, out Status status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    private static partial uint UserId();

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
