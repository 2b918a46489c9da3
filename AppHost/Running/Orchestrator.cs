using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// Aspire's orchestrator, dcp. It is two processes: one is the API server that AppHost talks to, the other
/// starts and stops the resources.
/// </summary>
internal sealed class Orchestrator
{
    private const string Program = "dcp";
    private const string Kubeconfig = "--kubeconfig ";

    private volatile IReadOnlyList<ProcessIdentity> _processes = [];

    /// <summary>The folder that Aspire made for it; null until it is found.</summary>
    public string? Folder { get; private set; }

    /// <summary>Whether it was found, and at least one of its processes has ended since.</summary>
    public bool IsGone => _processes is { Count: > 0 } processes && processes.Any(process => !process.IsAlive());

    /// <summary>Looks for its processes once.</summary>
    /// <param name="appHost">The process that it was started for.</param>
    /// <returns>False while it does not run completely.</returns>
    public bool Find(int appHost)
    {
        // Another user's process may have the same command line.
        var all = CommandLines.All()
            .Where(process => process.Line.Contains(Kubeconfig, StringComparison.Ordinal) && ProcessIdentity.Of(process.Pid, Program) is { IsOwn: true })
            .ToList();
        // The process with "--detach" only starts another one without it, and exits.
        var server = all.FirstOrDefault(process => process.Line.Contains($" start-apiserver --monitor {appHost} ", StringComparison.Ordinal) && !process.Line.Contains(" --detach", StringComparison.Ordinal));
        if (server.Line is null)
        {
            return false;
        }

        var configuration = server.Line[(server.Line.IndexOf(Kubeconfig, StringComparison.Ordinal) + Kubeconfig.Length)..].Trim('"');
        var controllers = all.FirstOrDefault(process => process.Line.Contains($" run-controllers {Kubeconfig}{configuration}", StringComparison.Ordinal));
        if (controllers.Line is null || ProcessIdentity.Of(server.Pid, Program) is not { } first || ProcessIdentity.Of(controllers.Pid, Program) is not { } second)
        {
            return false;
        }

        Folder = Path.GetDirectoryName(configuration);
        _processes = [first, second];
        return true;
    }
}
