using Npgsql;
using Orders.Engines.Processes;
using Orders.Tests.Query;
using StackExchange.Redis;

namespace Orders.Tests.Chaos;

/// <summary>
/// Two Orders.Sync and two Orders.Query as processes, each with ways of its own to Postgres and Redis that
/// can be cut, and a Redis in which each Orders.Sync has a user of its own.
/// </summary>
internal sealed class WatchedSystem : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly ChaosSystem _system;
    private readonly Node[] _syncs;
    private readonly Node[] _queries;

    private WatchedSystem(ChaosSystem system)
    {
        _system = system;
        _syncs = [.. Enumerable.Range(0, 2).Select(number => new Node(system, $"sync-{number}", address: null))];
        _queries = [.. Enumerable.Range(0, 2).Select(_ => new Node(system, user: null, new Uri($"http://127.0.0.1:{Ports.Free()}")))];
    }

    public ChaosEngines Engines => _system.Engines;

    public IReadOnlyList<Node> Syncs => _syncs;

    public IReadOnlyList<Node> Queries => _queries;

    public static async Task<WatchedSystem> StartAsync()
    {
        var system = new WatchedSystem(await ChaosSystem.StartAsync(instances: 0));
        await system.AddUsersAsync();
        foreach (var node in system._syncs.Concat(system._queries))
        {
            node.Start();
        }

        return system;
    }

    /// <summary>Gives each Orders.Sync its rights.</summary>
    public async Task AddUsersAsync()
    {
        foreach (var node in _syncs)
        {
            await RedisAsync("ACL", "SETUSER", node.User!, "on", ">secret", "~*", "&*", "+@all");
        }
    }

    /// <summary>The Orders.Sync that has the table's one shard, as soon as one of these has it.</summary>
    public async Task<Node> OwnerAsync()
    {
        await using var connection = new NpgsqlConnection(Engines.Addresses.Postgres);
        await connection.OpenAsync();
        Node? found = null;
        await Eventually.HoldsAsync(async () =>
        {
            await using var command = new NpgsqlCommand("SELECT owner FROM sync.shards WHERE NOT sync.is_free(owner, leased_until)", connection);
            var owner = (string?)await command.ExecuteScalarAsync();
            return (found = Array.Find(_syncs, node => owner?.Split('/') is [_, var id, _] && id == $"{node.Process.Id}")) is not null;
        });
        return found!;
    }

    public async Task RedisAsync(string command, params object[] arguments)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{Engines.Addresses.Redis},allowAdmin=true,abortConnect=false");
        await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    public async Task FreezeRedisAsync(TimeSpan time)
    {
        Engines.Redis!.Signal(Stop);
        await Task.Delay(time);
        Engines.Redis.Signal(Continue);
    }

    /// <summary>SIGKILL; it comes back empty.</summary>
    public async Task KillRedisAsync(TimeSpan away)
    {
        await Engines.Redis!.RestartAsync(away);
        await AddUsersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _syncs.Concat(_queries))
        {
            await node.DisposeAsync();
        }

        await _system.DisposeAsync();
    }

    /// <summary>A service, and its ways to the stores.</summary>
    internal sealed class Node : IAsyncDisposable
    {
        private readonly Dictionary<string, string?> _settings;
        private ServiceProcess? _process;

        public Node(ChaosSystem system, string? user, Uri? address)
        {
            (User, Address) = (user, address);
            var postgres = new NpgsqlConnectionStringBuilder(system.Engines.Addresses.Postgres);
            Postgres = new(postgres.Host!, postgres.Port);
            postgres.Port = Postgres.Port;
            var redis = system.Engines.Addresses.Redis!.Split(':');
            Redis = new(redis[0], int.Parse(redis[1], System.Globalization.CultureInfo.InvariantCulture));
            _settings = new(system.Settings, StringComparer.Ordinal)
            {
                ["ConnectionStrings:orders"] = postgres.ConnectionString,
                ["ConnectionStrings:redis"] = $"127.0.0.1:{Redis.Port}{(user is null ? "" : $",user={user},password=secret")}",
            };
        }

        /// <summary>Its user in Redis; null for the default one.</summary>
        public string? User { get; }

        /// <summary>Where it answers; null for an Orders.Sync.</summary>
        public Uri? Address { get; }

        public TcpGate Postgres { get; }

        public TcpGate Redis { get; }

        public ServiceProcess Process => _process!;

        public void Start() => _process = Address is null ? ServiceProcess.Start(_settings) : ServiceProcess.StartQuery(_settings, Address);

        /// <summary>SIGKILL, and another in its place.</summary>
        public async Task KillAsync()
        {
            await _process!.DisposeAsync();
            Start();
        }

        public async Task FreezeAsync(TimeSpan time, Func<Task>? meanwhile = null)
        {
            _process!.Signal(Stop);
            try
            {
                await (meanwhile?.Invoke() ?? Task.CompletedTask);
                await Task.Delay(time);
            }
            finally
            {
                _process.Signal(Continue);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _process!.DisposeAsync();
            await Postgres.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }
}
