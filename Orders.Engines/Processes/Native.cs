using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orders.Engines.Processes;

/// <summary>
/// System calls that .NET does not offer: signals, owners of files, locks, and a way to open a file that
/// follows no link.
/// </summary>
internal static partial class Native
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;

    private const int ExclusiveLock = 2;
    private const int DoNotWait = 4;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The user that this process acts as; 0 is root.</summary>
    [UnsupportedOSPlatform("windows")]
    public static uint UserId => SysUserId();

    /// <summary>Sends a signal. False if the process has ended or this user may not signal it.</summary>
    public static bool Signal(int pid, int signal) => SysKill(pid, signal) == 0;

    /// <summary>
    /// Changes the owner of a file or folder; of a link, that of the link itself and not of its target.
    /// </summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Give(string path, SystemUser user) => GiveTo(path, user.Uid, user.Gid);

    /// <inheritdoc cref="Give(string, SystemUser)"/>
    public static void GiveTo(string path, uint uid, uint gid)
    {
        if (SysLchown(path, uid, gid) != 0)
        {
            throw new IOException($"'{path}' cannot be given to user {uid}: {Fault()}");
        }
    }

    /// <summary>Changes the owner of an open file, whatever its name leads to by now.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Give(SafeFileHandle file, SystemUser user)
    {
        if (SysFchown(file, user.Uid, user.Gid) != 0)
        {
            throw new IOException($"A file cannot be given to user {user.Name}: {Fault()}");
        }
    }

    /// <summary>Opens a file to read it, but no link.</summary>
    /// <exception cref="IOException">It is a link, or the system refuses.</exception>
    [UnsupportedOSPlatform("windows")]
    public static SafeFileHandle OpenToRead(string path) => Open(path, Flags.CloseOnExec | Flags.FollowNoLink);

    /// <summary>
    /// Opens a file to lock it, but no link. It is created if missing, for its owner only.
    /// </summary>
    /// <exception cref="IOException">It is a link, or the system refuses.</exception>
    [UnsupportedOSPlatform("windows")]
    public static SafeFileHandle OpenToLock(string path) => Open(path, Flags.ReadAndWrite | Flags.CloseOnExec | Flags.Create | Flags.FollowNoLink);

    /// <summary>
    /// Locks a file until it is closed, as .NET does with <see cref="FileShare.None"/>. False if it is
    /// locked.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    public static bool TryLock(SafeFileHandle file) => SysLock(file, ExclusiveLock | DoNotWait) == 0;

    /// <summary>
    /// The files that this process and its children create from now on are for their owner only.
    /// </summary>
    public static void CreateForOwnerOnly()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SysMask((uint)(UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute));
        }
    }

    private static SafeFileHandle Open(string path, Flags flags)
    {
        var file = SysOpen(path, flags, (int)OwnerOnly);
        return file.IsInvalid ? throw new IOException($"'{path}' cannot be opened: {Fault()}") : file;
    }

    private static string Fault() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SysKill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SysLchown(string path, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int SysFchown(SafeFileHandle file, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int SysLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint SysUserId();

    // Its type has 16 bits on macOS and 32 on Linux; both are passed alike.
    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SysMask(uint mask);

    // .NET's own library: in libc, the numbers of these flags differ between systems and processors.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle SysOpen(string path, Flags flags, int mode);

    [Flags]
    private enum Flags
    {
        ReadAndWrite = 0x2,
        CloseOnExec = 0x10,
        Create = 0x20,
        FollowNoLink = 0x200,
    }
}
