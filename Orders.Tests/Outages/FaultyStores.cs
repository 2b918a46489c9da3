using System.Net;
using Npgsql;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using StackExchange.Redis;

namespace Orders.Tests.Outages;

/// <summary>
/// Real stores, each behind a way that can fail as a network or the store itself does. What only the store
/// can say, it says itself: no connection left, no space, no memory. Only DynamoDB's own throttling is
/// answered in its place.
/// </summary>
internal sealed class FaultyStores : IAsyncDisposable
{
    private const string Password = "of-the-test";

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    // What a web server, a server of mail or ssh, a broken line and a line that nearly fits would say.
    private static readonly byte[][] Nonsense =
    [
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"u8.ToArray(),
        "SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(),
        "No such service\r\n"u8.ToArray(),
        new byte[64],
        [.. Enumerable.Repeat((byte)0xff, 64)],
        [(byte)'N', (byte)'Z', 0, 0, 0, 5, (byte)'I', (byte)'D', 0, 0, 0, 6, 0x7f, 0xff],
        // A row with more columns than it should have; a column in a form that there is not; text that is
        // none.
        [(byte)'1', 0, 0, 0, 4, (byte)'2', 0, 0, 0, 4, (byte)'T', 0, 0, 0, 26, 0, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 0xff, 0xff, 0xff, 0xff, 0, 1, (byte)'D', 0, 0, 0, 6, 0, 9],
        [(byte)'1', 0, 0, 0, 4, (byte)'2', 0, 0, 0, 4, (byte)'T', 0, 0, 0, 26, 0, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 0xff, 0xff, 0xff, 0xff, 0x7f, 9],
        [(byte)'S', 0, 0, 0, 8, 0xc3, 0x28, 0, 0],
    ];

    private readonly FaultyDynamo _dynamo;
    private readonly TcpGate _dynamoGate;
    private readonly TcpGate _postgresGate;
    private readonly TcpGate? _redisGate;
    private readonly OwnRedis? _ownRedis;
    private readonly string? _redis;
    private readonly string _role;

    private FaultyStores(TestStores real, FaultyDynamo dynamo, OwnRedis? ownRedis)
    {
        (Real, _dynamo, _ownRedis) = (real, dynamo, ownRedis);
        _role = $"{real.Table}_service";
        var postgres = new NpgsqlConnectionStringBuilder(real.Postgres);
        _postgresGate = new(postgres.Host!, postgres.Port);
        var way = new Uri(dynamo.Address);
        _dynamoGate = new(way.Host, way.Port);
        _redis = ownRedis?.Configuration ?? real.Redis;
        if (_redis is not null)
        {
            var redis = ConfigurationOptions.Parse(_redis);
            var engine = (IPEndPoint)redis.EndPoints[0];
            _redisGate = new($"{engine.Address}", engine.Port);
            redis.EndPoints.Clear();
            redis.EndPoints.Add(IPAddress.Loopback, _redisGate.Port);
            RedisThere = redis.ToString(includePassword: true);
        }
    }

    /// <summary>The stores without the ways.</summary>
    public TestStores Real { get; }

    private string? RedisThere { get; }

    /// <summary>The stores without the ways, with the rights of a service: for one beside.</summary>
    public TestStores Direct => Real with
    {
        Redis = _redis,
        Postgres = new NpgsqlConnectionStringBuilder(Real.Postgres) { Username = _role, Password = Password }.ConnectionString,
    };

    /// <summary>
    /// The stores by their ways, for a service. Its user of Postgres may do only what it needs.
    /// </summary>
    public TestStores Stores => Direct with
    {
        DynamoDb = $"http://127.0.0.1:{_dynamoGate.Port}",
        Redis = RedisThere,
        Postgres = new NpgsqlConnectionStringBuilder(Direct.Postgres) { Port = _postgresGate.Port }.ConnectionString,
    };

    public static async Task<FaultyStores> StartAsync(TestEngines engines, bool ownRedis = false)
    {
        var real = await engines.CreateStoresAsync();
        var stores = new FaultyStores(real, await FaultyDynamo.StartAsync(real.DynamoDb), ownRedis ? await OwnRedis.StartAsync() : null);
        await stores.ExecuteAsync($"CREATE ROLE {stores._role} LOGIN PASSWORD '{Password}'");
        await stores.ExecuteAsync($"ALTER DATABASE {real.Table} OWNER TO {stores._role}");
        return stores;
    }

    /// <summary>A store fails.</summary>
    public async Task FailAsync(string store, string condition)
    {
        switch (condition)
        {
            case OutageCell.Gone:
                Gate(store).Shut();
                break;
            case OutageCell.Slow:
                Gate(store).Slow(Late);
                break;
            case OutageCell.Garbled:
                Gate(store).Garble(Nonsense);
                break;
            case OutageCell.Page:
                Answer(new(200, "<html><body>Sign in to the network</body></html>"));
                break;
            case OutageCell.Cut:
                Answer(new(200, """{"Item":{"pk":"""));
                break;
            case OutageCell.Throttled:
                Answer(DynamoAnswer.Throttled);
                break;
            case OutageCell.Limit:
                Answer(DynamoAnswer.Error("LimitExceededException"));
                break;
            case OutageCell.Connections:
                await ExecuteAsync($"ALTER ROLE {_role} CONNECTION LIMIT 0");
                await ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_role}'");
                break;
            case OutageCell.Disk:
                await ExecuteAsync(DiskIsFull);
                break;
            case OutageCell.Memory:
                await RedisMemoryAsync("1");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(condition), condition, "unknown");
        }
    }

    /// <summary>All is as it should be again.</summary>
    public async Task HealAsync()
    {
        _dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(null);
        _dynamoGate.Heal();
        _postgresGate.Heal();
        _redisGate?.Heal();
        await ExecuteAsync($"ALTER ROLE {_role} CONNECTION LIMIT -1");
        await ExecuteAsync(DiskHasSpace);
        if (_ownRedis is not null)
        {
            await RedisMemoryAsync("0");
        }
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Real.Postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _dynamoGate.DisposeAsync();
        await _postgresGate.DisposeAsync();
        if (_redisGate is not null)
        {
            await _redisGate.DisposeAsync();
        }

        await _dynamo.DisposeAsync();
        if (_ownRedis is not null)
        {
            await _ownRedis.DisposeAsync();
        }
    }

    private TcpGate Gate(string store) => store switch
    {
        "DynamoDB" => _dynamoGate,
        "Postgres" => _postgresGate,
        "Redis" => _redisGate!,
        _ => throw new ArgumentOutOfRangeException(nameof(store), store, "unknown"),
    };

    private void Answer(DynamoAnswer answer) => _dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(answer);

    private async Task RedisMemoryAsync(string bytes)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(_ownRedis!.Configuration);
        var server = redis.GetServer(redis.GetEndPoints()[0]);
        await server.ConfigSetAsync("maxmemory-policy", "noeviction");
        await server.ConfigSetAsync("maxmemory", bytes);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Real.Postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // Whatever is written fails as on a full disk: rows by a trigger, tables by a trigger of the database.
    private static string DiskIsFull =>
        """
        CREATE SCHEMA IF NOT EXISTS disk;
        GRANT USAGE ON SCHEMA disk TO PUBLIC;
        CREATE OR REPLACE FUNCTION disk.is_full() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$;
        CREATE OR REPLACE FUNCTION disk.is_full_for_all() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$;
        DO $$
        DECLARE t regclass;
        BEGIN
            FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema' LOOP
                EXECUTE format('CREATE TRIGGER a_full_disk BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION disk.is_full()', t);
            END LOOP;
        END $$;
        CREATE EVENT TRIGGER a_full_disk ON ddl_command_start EXECUTE FUNCTION disk.is_full_for_all();
        """;

    private static string DiskHasSpace =>
        """
        DROP EVENT TRIGGER IF EXISTS a_full_disk;
        DO $$
        DECLARE t regclass;
        BEGIN
            FOR t IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'a_full_disk' LOOP
                EXECUTE format('DROP TRIGGER a_full_disk ON %s', t);
            END LOOP;
        END $$;
        """;
}
