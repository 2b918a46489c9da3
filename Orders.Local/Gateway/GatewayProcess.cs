using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Local.Gateway;

/// <summary>Orders.GraphQL, running in front of Orders.Query.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly EngineProcess _process;

    private GatewayProcess(EngineProcess process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <param name="program">The program; null for none.</param>
    /// <param name="data">Holds its log.</param>
    /// <param name="port">Its port; 0 for any free one.</param>
    /// <param name="query">The address of Orders.Query.</param>
    /// <param name="progress">Receives the steps of the start.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>Null if there is no program.</returns>
    /// <exception cref="EngineException">It does not start.</exception>
    public static async Task<GatewayProcess?> StartAsync(
        NodeProgram? program, DataFolder data, int port, Uri query, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        if (program is null)
        {
            return null;
        }

        var step = new Step(progress, GatewayProgram.Name, "start");
        var gateway = port == 0
            ? await Ports.WithFreeAsync(free => StartAsync(program, data, free, query, cancellationToken))
            : await StartAsync(program, data, port, query, cancellationToken);
        step.Done($"Node {program.Version}, {gateway.Address.Authority}");
        return gateway;
    }

    /// <summary>Reports when it ends by itself. The other services continue: they do not need it.</summary>
    public async Task WatchAsync(IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        await _process.Exited.WaitAsync(cancellationToken);
        progress.Report(new(GatewayProgram.Name, (await _process.EndedAsync("ended")).Message, TimeSpan.Zero));
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<GatewayProcess> StartAsync(NodeProgram program, DataFolder data, int port, Uri query, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(new()
        {
            Name = GatewayProgram.Name,
            Program = program.Node,
            Arguments = [program.Script],
            Folder = Path.GetDirectoryName(program.Script)!,
            Environment = new Dictionary<string, string>(NodeProgram.Environment, StringComparer.Ordinal)
            {
                ["HOST"] = "127.0.0.1",
                ["PORT"] = $"{port}",
                ["ORDERS_QUERY_URL"] = query.OriginalString,
                ["ORDERS_ENVIRONMENT"] = Environments.Development,
                ["NODE_ENV"] = "production",
            },
        }, data);
        try
        {
            var address = new Uri($"http://localhost:{port}");
            using var http = new HttpClient();
            await process.UntilAsync(token => HttpAnswer.IsThereAsync(http, new($"http://127.0.0.1:{port}/health/live"), token), StartBound, cancellationToken);
            return new(process, address);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
