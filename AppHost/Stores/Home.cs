using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Running;
using Orders.AppHost.Services;
using Orders.Engines;
using Orders.Engines.Data;

namespace Orders.AppHost.Stores;

/// <summary>
/// The folder <c>.orders</c> of the repository, locked by this AppHost: the data of engines, and the
/// addresses for the commands of Orders.Sync. With <c>Ephemeral=true</c> it is a temporary folder that is
/// removed at the end.
/// </summary>
internal sealed class Home : IDisposable
{
    // The time in which the orchestrator of a killed AppHost ends everything, and a little more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private bool _disposed;

    private Home(DataFolder data) => Data = data;

    /// <summary>
    /// The folder of this process, for a start that fails before anything else owns it; null if there is
    /// none yet.
    /// </summary>
    public static Home? Opened { get; private set; }

    /// <summary>The folder.</summary>
    public DataFolder Data { get; }

    /// <summary>The folder of the lake.</summary>
    public string Lake => Data.In("lake");

    /// <summary>Whether no data is kept.</summary>
    public bool IsEphemeral => Data.IsTemporary;

    /// <summary>
    /// Opens and locks the folder. First it cleans up after a killed run, in this folder and in the
    /// temporary folder of the orchestrator. Then the ports of the services must be free.
    /// </summary>
    /// <param name="builder">Disposes it at the end. <c>--data</c> names another folder.</param>
    /// <exception cref="EngineException">Another process has locked it, it is not writable, or a port is in
    /// use.</exception>
    public static async Task<Home> OpenAsync(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        // The processes must have ended before their folder is removed, and before the next start looks for
        // them.
        configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        var folder = configuration["data"] ?? Path.Combine(builder.AppHostDirectory, "..", ".orders");
        var home = new Home(configuration.Flag("Ephemeral") == true
            ? await DataFolder.OpenTemporaryAsync(CancellationToken.None)
            : await DataFolder.OpenAsync(folder, CancellationToken.None));
        try
        {
            await CheckPortsAsync(configuration, home.Data.FollowsKill);
            EndpointsFile.Clear(home.Data);
            OrchestratorFolders.Sweep(Path.GetTempPath());
        }
        catch
        {
            home.Dispose();
            throw;
        }

        Opened = home;
        builder.Services.AddSingleton(_ => home);
        return home;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            Data.Dispose();
        }
    }

    // The orchestrator of a killed AppHost still ends its processes, and they use the ports until then.
    private static async Task CheckPortsAsync(IConfiguration configuration, bool followsKill)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                ServicePorts.Check(configuration);
                return;
            }
            catch (EngineException) when (followsKill && waited < Patience)
            {
                await Task.Delay(Pause);
            }
        }
    }
}
