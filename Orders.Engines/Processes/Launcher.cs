using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orders.Engines.Processes;

/// <summary>
/// Starts child processes so that they cannot outlive this one, as far as the system can ensure that.
/// </summary>
internal static class Launcher
{
    /// <summary>
    /// The value of <c>LC_ALL</c> for programs. Their output is searched for English words, and not every
    /// machine has the locale that its environment names. Without it Redis exits; Postgres on macOS stops
    /// itself when a locale makes the system start a thread.
    /// </summary>
    public const string Locale = "C";

    private static readonly BlockingCollection<Action> Work = [];
    private static readonly string SystemPath = Environment.GetEnvironmentVariable("PATH") ?? "";
    private static readonly string? SetPriv = OperatingSystem.IsLinux() ? Executables.Find("setpriv", SystemPath) : null;
    private static readonly string? SetSid = OperatingSystem.IsLinux() ? Executables.Find("setsid", SystemPath) : null;

    // Linux sends the parent-death signal when the THREAD that forked ends. A pool thread may end at any
    // time; this thread ends with the process.
    static Launcher() => new Thread(Loop) { IsBackground = true, Name = "launcher" }.Start();

    /// <summary>The tool that runs a program as another user; null if it is missing.</summary>
    public static string? SetPrivPath => SetPriv;

    /// <summary>The tool that gives a program its own session; null if it is missing.</summary>
    public static string? SetSidPath => SetSid;

    /// <summary>
    /// Prepares the start. On Linux, the program gets a signal when this process dies (setpriv), and runs in
    /// its own session (setsid). So Ctrl-C reaches only this process, which stops the engines after the
    /// services that use them.
    /// </summary>
    /// <param name="program">The program's file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="user">The user to run as; null for our own.</param>
    /// <param name="deathSignal">The signal that it gets when this process dies.</param>
    public static ProcessStartInfo Prepare(
        string program, IEnumerable<string> arguments, string folder, SystemUser? user = null, string deathSignal = "KILL")
    {
        var line = new List<string>();
        if (SetSid is not null)
        {
            line.Add(SetSid);
        }

        if (SetPriv is not null)
        {
            line.AddRange([SetPriv, "--pdeathsig", deathSignal]);
        }

        if (user is not null)
        {
            line.AddRange(user.SetPrivArguments());
        }

        line.Add(program);
        return new ProcessStartInfo(line[0], line.Skip(1).Concat(arguments))
        {
            Environment = { ["LC_ALL"] = Locale },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task;
    }

    private static void Loop()
    {
        foreach (var start in Work.GetConsumingEnumerable())
        {
            start();
        }
    }
}
