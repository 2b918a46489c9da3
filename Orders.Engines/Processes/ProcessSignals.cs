using System.Diagnostics;

namespace Orders.Engines.Processes;

/// <summary>Unix signals, and their nearest equivalent on Windows.</summary>
internal static class ProcessSignals
{
    public static void Send(int pid, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            Native.Signal(pid, signal);
            return;
        }

        try
        {
            // Windows has no signal that asks a process to stop. Both databases recover from a kill with
            // their logs.
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile.
        }
    }
}
