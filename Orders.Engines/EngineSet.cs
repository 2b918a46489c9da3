using Orders.Engines.Data;
using Orders.Engines.Dynamo;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Orders.Engines.Redis;

namespace Orders.Engines;

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

    /// <summary>
    /// Watches the engines: fails when one ends that the system cannot do without, and keeps Redis running.
    /// </summary>
    /// <param name="progress">Hears of what happens to Redis.</param>
    /// <param name="cancellationToken">The orderly stop.</param>
    /// <exception cref="EngineException">dynoxide or Postgres has ended.</exception>
    public async Task WatchAsync(IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cache = _redis?.KeepRunningAsync(progress, over.Token) ?? Task.CompletedTask;
        EngineProcess[] vital = [_dynamo.Process, _postgres.Process];
        try
        {
            var ended = await Task.WhenAny(vital.Select(engine => engine.Exited)).WaitAsync(cancellationToken);
            throw await vital.First(engine => engine.Exited == ended).EndedAsync("ended while it was needed");
        }
        finally
        {
            await over.CancelAsync();
            await cache.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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
        {
            await engine.DisposeAsync();
        }
    }

    // Not the cancellation of the others that the first failure brought about.
    private static Exception FirstCause(DataFolder data, params Task[] starts)
    {
        var cause = starts.Select(start => start.Exception?.InnerException).OfType<Exception>()
            .OrderBy(failure => failure is not EngineException).First();
        return cause is UnauthorizedAccessException or (IOException and not FileNotFoundException) ? Folders.Explain(cause, data.Path, "--data") : cause;
    }
}
