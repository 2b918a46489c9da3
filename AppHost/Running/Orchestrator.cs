using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// Aspire's orchestrator, dcp, as the two processes that it is: one takes what AppHost asks for, the other
/// carries it out.
/// </summary>
internal sealed class Orchestrator
{
    private const string Program = "dcp";
    private const string Kubeconfig = "--kubeconfig ";

    private volatile IReadOnlyList<ProcessIdentity> _processes = [];

    /// <summary>The folder that Aspire has made for it; null until it is found.</summary>
    public string? Folder { get; private set; }

    /// <summary>Whether it has been found, and one of its processes is there no more.</summary>
    public bool IsGone => _processes is { Count: > 0 } processes && processes.Any(process => !process.IsAlive());

    /// <summary>Looks for it once.</summary>
    /// <param name="appHost">The process that it was started for.</param>
    /// <returns>False while it does not run yet, or not all of it.</returns>
    public bool Find(int appHost)
    {
        var all = CommandLines.All().Where(process => process.Line.Contains(Kubeconfig, StringComparison.Ordinal)).ToList();
        // The process that has "--detach" starts another one without it, and ends.
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
