using System.Diagnostics;

namespace Orders.Engines.Processes;

/// <summary>Unix signals, and what comes nearest to them on Windows.</summary>
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
            // Windows has no signal to ask with. Both databases recover from this by their logs.
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Ended by itself meanwhile.
        }
    }
}
