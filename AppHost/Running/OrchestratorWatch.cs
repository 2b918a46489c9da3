using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;
using Orders.Engines.Data;

namespace Orders.AppHost.Running;

/// <summary>
/// Ends AppHost when its orchestrator has ended. The resources then end too, each through a watcher process
/// of its own, but Aspire would still show their last state.
/// </summary>
internal sealed class OrchestratorWatch(Orchestrator orchestrator, Home home, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>The message for it.</summary>
    public const string Gone = "Aspire's orchestrator (dcp) has ended, and all that it ran ends with it. Start AppHost again.";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // The watchers check every two seconds.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(8);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Pause);
        var found = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                found = found || orchestrator.Find(Environment.ProcessId);
                if (found && orchestrator.IsGone)
                {
                    await EndAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // AppHost stops.
        }
    }

    // The host's own stop would ask the orchestrator to stop everything, and wait half a minute for a
    // response.
    private async Task EndAsync()
    {
        await Console.Error.WriteLineAsync(Gone);
        for (var waited = TimeSpan.Zero; waited < Bound && EnginesRun(); waited += Pause)
        {
            await Task.Delay(Pause);
        }

        await home.Data.Processes.StopLeftoversAsync(CancellationToken.None);
        EndpointsFile.Clear(home.Data);
        home.Dispose();
        if (orchestrator.Folder is { } folder)
        {
            OrchestratorFolders.RemoveOfEnded(folder);
        }

        Environment.Exit(1);
    }

    private bool EnginesRun() => CommandLines.All().Any(process =>
        process.Line.Contains(home.Data.In("dynoxide"), StringComparison.Ordinal) || process.Line.Contains(home.Data.In("postgres-"), StringComparison.Ordinal));
}
