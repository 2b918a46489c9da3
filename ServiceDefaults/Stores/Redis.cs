using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

internal sealed partial class Redis : IRedis, IAsyncDisposable
{
    private readonly ILogger<Redis> _logger;
    private readonly RedisPatience _patience;
    private readonly InterruptionCount _interruptions = new();
    private volatile ConnectionMultiplexer? _connection;

    /// <param name="options">Null for no Redis.</param>
    /// <param name="time">The clock of limits and breaks.</param>
    /// <param name="logger">Logs lost connections.</param>
    public Redis(ConfigurationOptions? options, TimeProvider time, ILogger<Redis> logger)
    {
        (_logger, _patience) = (logger, new(time, reason => LogNoAnswer(logger, reason)));
        IsConfigured = options is not null;
        Connection = options is null ? Task.FromResult<IConnectionMultiplexer?>(null) : Task.Run(() => ConnectAsync(options));
    }

    public bool IsConfigured { get; }

    public bool IsConnected => _connection is { IsConnected: true };

    public int Interruptions => _interruptions.Value;

    public Task<IConnectionMultiplexer?> Connection { get; }

    public IDatabase? Database => _connection is { IsConnected: true } connection ? connection.GetDatabase() : null;

    public ISubscriber? Subscriber => _connection is { IsConnected: true } connection ? connection.GetSubscriber() : null;

    public Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default) => _patience.TryAsync(Database, use, cancellationToken);

    public async Task<RedisAnswer<string?>> FindFaultAsync(CancellationToken cancellationToken = default)
    {
        var found = await TryAsync(RedisRights.FindFaultAsync, cancellationToken);
        return !found.Answered && await FindRefusalAsync() is { } refusal ? new(true, refusal) : found;
    }

    public async ValueTask DisposeAsync()
    {
        if (await Connection is not { } connection)
        {
            return;
        }

        await connection.CloseAsync(allowCommandsToComplete: false);
        await connection.DisposeAsync();
    }

    // It does not throw for transient faults: the client keeps trying, even with a name that does not
    // resolve yet or a rejected password.
    private async Task<IConnectionMultiplexer?> ConnectAsync(ConfigurationOptions options)
    {
        options.BeforeSocketConnect = (server, type, _) => OnConnecting(server, type);
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        connection.ConnectionFailed += (_, failed) => OnLost(failed);
        connection.ConnectionRestored += (_, restored) => OnRestored(restored);
        _connection = connection;
        if (!connection.IsConnected)
        {
            foreach (var server in connection.GetEndPoints())
            {
                _interruptions.Lost(server);
            }

            LogAway(_logger, "it could not be connected to, and is tried again in the background");
        }
        await TellFaultAsync();
        return connection;
    }

    // There is a second connection for subscriptions, which fails together with this one.
    private void OnConnecting(EndPoint server, ConnectionType type)
    {
        if (type == ConnectionType.Interactive && _connection is not null && _interruptions.Connecting(server))
        {
            LogAway(_logger, "it does not answer, and is connected to anew");
        }
    }

    private void OnLost(ConnectionFailedEventArgs failed)
    {
        if (failed.ConnectionType == ConnectionType.Interactive && _interruptions.Lost(failed.EndPoint!))
        {
            LogAway(_logger, failed.FailureType.ToString());
        }
    }

    private void OnRestored(ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType != ConnectionType.Interactive)
        {
            return;
        }

        _interruptions.Restored();
        LogRestored(_logger);
        _ = TellFaultAsync();
    }

    // The client keeps the failure of the last connection attempt, and fails commands with it at once.
    private async Task<string?> FindRefusalAsync()
    {
        if (_connection is not { IsConnected: false } connection)
        {
            return null;
        }

        try
        {
            await connection.GetDatabase().PingAsync();
            return null;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure))
        {
            return RedisRights.Refusal(failure);
        }
    }

    private async Task TellFaultAsync()
    {
        if (await FindFaultAsync() is { Answered: true, Value: { } fault })
        {
            LogWrong(_logger, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away ({Reason}); the service goes on without it")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ConnectionStrings__redis: Redis {Fault}. The service goes on without it")]
    private static partial void LogWrong(ILogger logger, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis is back")]
    private static partial void LogRestored(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Redis gave no answer: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, string reason);
}
