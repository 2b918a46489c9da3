using Orders.Engines.Data;
using Orders.Engines.Processes;

namespace Orders.Engines.Dynamo;

/// <summary>dynoxide: the DynamoDB API, including streams, on a SQLite file.</summary>
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
        var engine = await Ports.WithFreeAsync(port => StartAsync(Describe(found, data, port), port, data, cancellationToken));
        StreamIndexes.Add(DatabaseFile(data));
        step.Done($"{found.Source}, {engine.Endpoint.Authority}");
        return engine;
    }

    /// <summary>Its database file, which it creates before it listens.</summary>
    public static string DatabaseFile(DataFolder data) => data.In("dynoxide", "orders.db");

    /// <summary>Describes how to start it.</summary>
    /// <param name="found">Its program.</param>
    /// <param name="data">Holds its database file.</param>
    /// <param name="port">Its TCP port, on loopback.</param>
    public static EngineStart Describe(FoundEngine found, DataFolder data, int port) => new()
    {
        Name = Name,
        Program = found.Program,
        Source = $"{Name} ({found.Source})",
        Arguments = ["serve", "--host", "127.0.0.1", "--port", $"{port}", "--db-path", DatabaseFile(data)],
        Folder = Folders.CreatePrivate(data.In("dynoxide")),
        Mark = DatabaseFile(data),
        IfDamaged = $"If its file is damaged, move '{data.In("dynoxide")}' away: the table begins anew, without the orders of before.",
    };

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<DynamoEngine> StartAsync(EngineStart start, int port, DataFolder data, CancellationToken cancellationToken)
    {
        var process = await EngineProcess.StartAsync(start, data);
        var endpoint = new Uri($"http://127.0.0.1:{port}");
        try
        {
            using var http = new HttpClient();
            // Its health check is the root path, as with DynamoDB itself.
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
