using Orders.ServiceDefaults.Stores;
using Orders.Tests.Simulation.Machinery;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>
/// One process' connection to Redis, as the client behaves: pipelined, made anew in the background when it
/// is lost. What is sent while the network is cut arrives when it is not any more, if the connection is
/// still the same: perhaps long after its sender has given up.
/// </summary>
internal sealed class RedisLink : IRedis
{
    // As the client's own.
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(8);

    private readonly World _world;
    private readonly SimulatedProcess _process;
    private readonly RedisPatience _patience;
    private readonly List<Action> _underWay = [];
    private readonly IDatabase _database;
    private int _connection;
    private bool _isOpen = true;
    private TimeSpan? _silentSince;
    private bool _isCut;
    private TimeSpan _arrivedAt;

    public RedisLink(World world, SimulatedProcess process, TimeProvider time)
    {
        (_world, _process, _patience) = (world, process, new RedisPatience(time));
        _database = RedisProxy.Database(this);
        world.Redis.Connections.Add(Break);
    }

    public bool IsConfigured => true;

    public bool IsConnected { get; private set; } = true;

    public int Interruptions { get; private set; }

    public IDatabase? Database => IsConnected ? _database : null;

    public ISubscriber? Subscriber => null;

    public Task<IConnectionMultiplexer?> Connection => Task.FromResult<IConnectionMultiplexer?>(_database.Multiplexer);

    public RedisServer Server => _world.Redis;

    /// <summary>Whether nothing gets through for now.</summary>
    public bool IsCut
    {
        get => _isCut;
        set
        {
            _isCut = value;
            if (value)
            {
                return;
            }

            var arrives = _underWay.ToList();
            _underWay.Clear();
            arrives.ForEach(InOrder);
        }
    }

    public Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default) => _patience.TryAsync(Database, use, cancellationToken);

    /// <summary>Sends a command.</summary>
    public async Task<T> SendAsync<T>(Func<T> serve)
    {
        var answer = new TaskCompletionSource<T>();
        var connection = _connection;
        if (!_isOpen)
        {
            throw RedisErrors.Lost();
        }

        if (_isCut || Server.IsFrozen)
        {
            ExpectSilence(connection, answer);
        }

        Post(() => InOrder(() => Arrive(connection, serve, answer)));
        return await answer.Task;
    }

    // A connection brings what is sent in the order in which it is sent.
    private void InOrder(Action request)
    {
        var soonest = _world.Now + _world.Between(0.0003, 0.002);
        _arrivedAt = soonest > _arrivedAt ? soonest : _arrivedAt;
        _world.Queue.At(_arrivedAt, request);
    }

    private void Post(Action request)
    {
        if (_isCut)
        {
            _underWay.Add(request);
        }
        else
        {
            request();
        }
    }

    private void Arrive<T>(int connection, Func<T> serve, TaskCompletionSource<T> answer)
    {
        if (IsLost(connection, answer))
        {
            return;
        }

        if (_isCut)
        {
            Post(() => Arrive(connection, serve, answer));
            ExpectSilence(connection, answer);
            return;
        }

        if (Server.IsFrozen)
        {
            ExpectSilence(connection, answer);
        }

        Server.Take(() => Serve(connection, serve, answer));
    }

    private void Serve<T>(int connection, Func<T> serve, TaskCompletionSource<T> answer)
    {
        if (IsLost(connection, answer))
        {
            return;
        }

        _silentSince = null;
        Action told;
        try
        {
            var result = serve();
            told = () => answer.TrySetResult(result);
        }
        catch (RedisServerException refused)
        {
            told = () => answer.TrySetException(refused);
        }

        _world.After(_world.Between(0.0003, 0.002), () => Post(() =>
        {
            if (!IsLost(connection, answer))
            {
                told();
            }
        }));
        if (_isCut)
        {
            ExpectSilence(connection, answer);
        }
    }

    private bool IsLost<T>(int connection, TaskCompletionSource<T> answer)
    {
        if (connection == _connection)
        {
            return false;
        }

        answer.TrySetException(RedisErrors.Lost());
        return true;
    }

    // The client gives a command up after a while; and a connection that stays silent too long.
    private void ExpectSilence<T>(int connection, TaskCompletionSource<T> answer)
    {
        _silentSince ??= _world.Now;
        _world.After(CommandLimit, () =>
        {
            answer.TrySetException(RedisErrors.Timeout());
            if (connection == _connection && _silentSince is { } since && _world.Now - since > SilenceLimit && (_isCut || Server.IsFrozen))
            {
                Break();
            }
        });
    }

    /// <summary>
    /// The connection is gone. A process that is frozen hears of it when it wakes; nothing gets through for
    /// it before.
    /// </summary>
    private void Break()
    {
        _connection++;
        _underWay.Clear();
        (_silentSince, _isOpen) = (null, false);
        _process.Enter(() =>
        {
            IsConnected = false;
            Interruptions++;
            Reconnect();
        });
    }

    private void Reconnect() => _world.After(TimeSpan.FromMilliseconds(200), () => _process.Enter(() =>
    {
        if (_isCut || Server.IsFrozen || Server.IsDown)
        {
            Reconnect();
            return;
        }

        (IsConnected, _isOpen) = (true, true);
    }));
}
