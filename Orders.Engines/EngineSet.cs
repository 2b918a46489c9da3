using Orders.Engines.Data;
using Orders.Engines.Dynamo;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Orders.Engines.Redis;

namespace Orders.Engines;

/// <summary>The three running engines.</summary>
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

    /// <summary>Watches the engines: it fails when a required one ends, and restarts Redis.</summary>
    /// <param name="progress">Receives reports about Redis.</param>
    /// <param name="cancellationToken">The graceful shutdown.</param>
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

    /// <summary>Finds the three engines, installs missing ones, and starts all in parallel.</summary>
    /// <param name="data">Where they keep their data.</param>
    /// <param name="options">How to find and start them.</param>
    /// <param name="progress">Receives each step, from any thread.</param>
    /// <param name="cancellationToken">Cancels the start, and stops the engines that were started.</param>
    /// <exception cref="EngineException">One is not available; the others are stopped again.</exception>
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

    // The failure that came first, not the cancellations of the other starts that it caused.
    private static Exception FirstCause(DataFolder data, params Task[] starts)
    {
        var cause = starts.Select(start => start.Exception?.InnerException).OfType<Exception>()
            .OrderBy(failure => failure is not EngineException).First();
        return cause is UnauthorizedAccessException or (IOException and not FileNotFoundException) ? Folders.Explain(cause, data.Path, "--data") : cause;
    }
}
