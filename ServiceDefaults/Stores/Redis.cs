using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Orders.ServiceDefaults;

internal sealed partial class Redis : IRedis, IAsyncDisposable
{
    // Local or in the same zone, Redis answers within a millisecond; after this, Postgres would have been faster.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(250);

    // After an answer that did not come, requests do not wait for the next one either, until this has passed.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger<Redis> _logger;
    private readonly Action<IConnectionMultiplexer>? _instrument;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _connecting;
    private volatile ConnectionMultiplexer? _connection;
    private long _restsUntil;
    private int _interruptions;

    /// <param name="options">Null for no Redis.</param>
    /// <param name="time">The clock of limits and rests.</param>
    /// <param name="logger">Where a lost connection is told.</param>
    /// <param name="instrument">Is given the connection once it is made, to trace its commands; null for no tracing.</param>
    public Redis(ConfigurationOptions? options, TimeProvider time, ILogger<Redis> logger, Action<IConnectionMultiplexer>? instrument = null)
    {
        (_time, _logger, _instrument) = (time, logger, instrument);
        IsConfigured = options is not null;
        _restsUntil = time.GetTimestamp();
        _connecting = options is null ? Task.CompletedTask : Task.Run(() => ConnectAsync(options));
    }

    public bool IsConfigured { get; }

    public bool IsConnected => _connection is { IsConnected: true };

    public int Interruptions => Volatile.Read(ref _interruptions);

    public IDatabase? Database => _connection is { IsConnected: true } connection ? connection.GetDatabase() : null;

    public ISubscriber? Subscriber => _connection is { IsConnected: true } connection ? connection.GetSubscriber() : null;

    public async Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default)
    {
        if (Database is not { } database || _time.GetTimestamp() < Interlocked.Read(ref _restsUntil))
            return default;
        try
        {
            return new(true, await use(database).WaitAsync(AnswerLimit, _time, cancellationToken));
        }
        catch (Exception failure) when (IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            if (failure is TimeoutException)
                Interlocked.Exchange(ref _restsUntil, _time.GetTimestamp() + (long)(Rest.TotalSeconds * _time.TimestampFrequency));
            LogNoAnswer(_logger, failure.Message);
            return default;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _connecting;
        if (_connection is { } connection)
            await connection.CloseAsync(allowCommandsToComplete: false);
        _connection?.Dispose();
        _stopping.Dispose();
    }

    // The client cancels what is under way when its connection closes.
    private static bool IsNoAnswer(Exception failure) =>
        failure is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    // The client reconnects by itself once it was created, which it is even when Redis is away; what throws is a name that does not resolve.
    private async Task ConnectAsync(ConfigurationOptions options)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await ConnectionMultiplexer.ConnectAsync(options);
                connection.ConnectionFailed += (_, failed) => OnLost(failed);
                connection.ConnectionRestored += (_, restored) => OnRestored(restored);
                _instrument?.Invoke(connection);
                _connection = connection;
                if (!connection.IsConnected)
                {
                    Interlocked.Increment(ref _interruptions);
                    LogNotConnected(_logger, "it is tried again in the background");
                }
                return;
            }
            catch (Exception failure) when (failure is RedisException or System.Net.Sockets.SocketException or TimeoutException)
            {
                LogNotConnected(_logger, failure.Message);
                await Task.Delay(BetweenAttempts, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // There is a second connection for subscriptions, which comes and goes with this one.
    private void OnLost(ConnectionFailedEventArgs failed)
    {
        if (failed.ConnectionType != ConnectionType.Interactive)
            return;
        Interlocked.Increment(ref _interruptions);
        LogLost(_logger, failed.FailureType);
    }

    private void OnRestored(ConnectionFailedEventArgs restored)
    {
        if (restored.ConnectionType == ConnectionType.Interactive)
            LogRestored(_logger);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away; the service goes on without it: {Reason}")]
    private static partial void LogNotConnected(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away ({Failure}); the service goes on without it")]
    private static partial void LogLost(ILogger logger, ConnectionFailureType failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis is back")]
    private static partial void LogRestored(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Redis gave no answer: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, string reason);
}
