using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orders.Engines.Processes;

/// <summary>
/// Two system calls that .NET does not offer: send a signal to a process, and change the owner of a file.
/// </summary>
internal static partial class Native
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal. False if the process has ended or this user may not signal it.</summary>
    public static bool Signal(int pid, int signal) => SysKill(pid, signal) == 0;

    /// <summary>
    /// Changes the owner of a file or folder; of a link, that of the link itself and not of its target.
    /// </summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Give(string path, SystemUser user)
    {
        if (SysLchown(path, user.Uid, user.Gid) != 0)
        {
            throw new IOException($"'{path}' cannot be given to user {user.Name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SysKill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SysLchown(string path, uint uid, uint gid);
}
