using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Dynamo;

/// <summary>dynoxide: the DynamoDB API, streams included, on a SQLite file.</summary>
internal sealed class DynamoEngine : IAsyncDisposable
{
    public const string Name = "dynoxide";
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    private DynamoEngine(EngineProcess process, Uri endpoint) => (Process, Endpoint) = (process, endpoint);

    public EngineProcess Process { get; }

    public Uri Endpoint { get; }

    public static async Task<DynamoEngine> StartAsync(
        EngineFinder finder, DataFolder data, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var found = await finder.DynoxideAsync(cancellationToken);
        var step = new Step(progress, Name, "start");
        var folder = data.In("dynoxide");
        Directory.CreateDirectory(folder);
        var database = Path.Combine(folder, "orders.db");
        var engine = await Ports.WithFreeAsync(port => StartAsync(found, folder, database, port, data, cancellationToken));
        StreamIndexes.Add(database);
        step.Done($"{found.Source}, {engine.Endpoint.Authority}");
        return engine;
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<DynamoEngine> StartAsync(
        FoundEngine found, string folder, string database, int port, DataFolder data, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(new()
        {
            Name = Name,
            Program = found.Program,
            Arguments = ["serve", "--host", "127.0.0.1", "--port", $"{port}", "--db-path", database],
            Folder = folder,
        }, data);
        var endpoint = new Uri($"http://127.0.0.1:{port}");
        try
        {
            using var http = new HttpClient();
            // Its health page is the root, as DynamoDB's own is.
            await process.UntilAsync(token => HttpAnswer.IsThereAsync(http, endpoint, token), StartBound, cancellationToken);
            return new(process, endpoint);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
