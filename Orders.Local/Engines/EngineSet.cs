namespace Orders.Local.Engines;

/// <summary>The three engines, running.</summary>
internal sealed class EngineSet : IAsyncDisposable
{
    private readonly DynamoEngine _dynamo;
    private readonly PostgresEngine _postgres;
    private readonly RedisEngine? _redis;

    private EngineSet(DynamoEngine dynamo, PostgresEngine postgres, RedisEngine? redis)
    {
        (_dynamo, _postgres, _redis) = (dynamo, postgres, redis);
        Addresses = new(postgres.ConnectionString, redis?.Configuration, dynamo.Endpoint.AbsoluteUri.TrimEnd('/'));
    }

    public EngineAddresses Addresses { get; }

    /// <summary>Those that the system cannot do without.</summary>
    public IReadOnlyList<EngineProcess> Vital => [_dynamo.Process, _postgres.Process];

    /// <summary>Redis is a cache: the system goes on when it ends. Null where there is none.</summary>
    public EngineProcess? Cache => _redis?.Process;

    /// <summary>Finds, installs where needed, and starts all three side by side.</summary>
    /// <param name="data">Where they keep their data.</param>
    /// <param name="options">How to find and start them.</param>
    /// <param name="progress">Hears of each step; called from any thread.</param>
    /// <param name="cancellationToken">Gives up, and stops what was started.</param>
    /// <exception cref="EngineException">One cannot be had; the others are stopped again.</exception>
    public static async Task<EngineSet> StartAsync(
        DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken = default)
    {
        var finder = new EngineFinder(options, progress);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dynamo = Guarded(DynamoEngine.StartAsync(finder, data, progress, failed.Token));
        var postgres = Guarded(PostgresEngine.StartAsync(finder, data, options, progress, failed.Token));
        var redis = Guarded(RedisEngine.StartAsync(finder, data, options, progress, failed.Token));
        try
        {
            await Task.WhenAll(dynamo, postgres, redis);
            return new(await dynamo, await postgres, await redis);
        }
        catch
        {
            await Task.WhenAll(StopAsync(dynamo), StopAsync(postgres), StopAsync(redis));
            cancellationToken.ThrowIfCancellationRequested();
            throw FirstCause(data, dynamo, postgres, redis);
        }

        async Task<T> Guarded<T>(Task<T> start)
        {
            try
            {
                return await start;
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(
        _dynamo.DisposeAsync().AsTask(), _postgres.DisposeAsync().AsTask(), _redis?.DisposeAsync().AsTask() ?? Task.CompletedTask);

    private static async Task StopAsync<T>(Task<T> start) where T : IAsyncDisposable?
    {
        if (start.IsCompletedSuccessfully && await start is { } engine)
            await engine.DisposeAsync();
    }

    // Not the cancellation of the others that the first failure brought about.
    private static Exception FirstCause(DataFolder data, params Task[] starts)
    {
        var cause = starts.Select(start => start.Exception?.InnerException).OfType<Exception>()
            .OrderBy(failure => failure is not EngineException).First();
        return cause is UnauthorizedAccessException or IOException ? Folders.Explain(cause, data.Path, "--data") : cause;
    }
}
