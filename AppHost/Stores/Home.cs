using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Running;
using Orders.AppHost.Services;
using Orders.Engines;
using Orders.Engines.Data;

namespace Orders.AppHost.Stores;

/// <summary>
/// The folder <c>.orders</c> of the repository, held by this AppHost: the data of engines, and the addresses
/// for the commands of Orders.Sync. With <c>Ephemeral=true</c> a temporary folder that goes at the end.
/// </summary>
internal sealed class Home : IDisposable
{
    // What the orchestrator of a killed AppHost takes to end everything, and a little more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private bool _disposed;

    private Home(DataFolder data) => Data = data;

    /// <summary>
    /// The one of this process, for a start that fails before anybody else holds it; null before there is
    /// one.
    /// </summary>
    public static Home? Opened { get; private set; }

    /// <summary>The folder.</summary>
    public DataFolder Data { get; }

    /// <summary>Whether nothing is kept.</summary>
    public bool IsEphemeral => Data.IsTemporary;

    /// <summary>
    /// Takes it. What a killed run left in it, and what its orchestrator left in the temporary folder, is
    /// cleared away first; the ports of the services must then be free.
    /// </summary>
    /// <param name="builder">Lets go of it at the end. <c>--data</c> names another folder.</param>
    /// <exception cref="EngineException">Another process holds it, it cannot be written, or a port is in
    /// use.</exception>
    public static async Task<Home> OpenAsync(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        // Processes must be gone before their folder is, and before a next start looks for them.
        configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        var folder = configuration["data"] ?? Path.Combine(builder.AppHostDirectory, "..", ".orders");
        var home = new Home(configuration.Flag("Ephemeral") == true
            ? await DataFolder.OpenTemporaryAsync(CancellationToken.None)
            : await DataFolder.OpenAsync(folder, CancellationToken.None));
        try
        {
            await CheckPortsAsync(configuration, home.Data.FollowsKill);
            EndpointsFile.Clear(home.Data);
            await OrchestratorFolders.SweepAsync(Path.GetTempPath(), CancellationToken.None);
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

    // A former AppHost that was killed is still being ended by its orchestrator, which holds the ports until
    // then.
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
