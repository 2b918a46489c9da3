using Npgsql;
using Orders.Bench.Stores;
using Orders.Engines;
using Orders.Local.Cli;
using Orders.Local.Gateway;
using Orders.Local.Run;
using StackExchange.Redis;

namespace Orders.Bench.Soak;

/// <summary>Two of each service, and the gateway, on the engines of a run. Of each two, the first runs all
/// the time and the second is restarted.</summary>
internal sealed class SoakSystem : IAsyncDisposable
{
    private readonly BenchDatabase _database;
    private readonly NpgsqlDataSource _postgres;
    private readonly ConnectionMultiplexer _redis;

    private SoakSystem(BenchDatabase database, ConnectionMultiplexer redis, string lake, IReadOnlyList<SoakService> services) =>
        (_database, _postgres, _redis, Lake, Services) = (database, NpgsqlDataSource.Create(database.ConnectionString), redis, lake, services);

    /// <summary>The lake's folder.</summary>
    public string Lake { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SoakService> Services { get; }

    /// <summary>Those that run all the time.</summary>
    public IEnumerable<SoakService> Steady => Services.Where(service => !service.Name.EndsWith('2'));

    /// <summary>Those that are restarted.</summary>
    public IReadOnlyList<SoakService> Restarted => [.. Services.Where(service => service.Name.EndsWith('2'))];

    /// <summary>Where the read model is.</summary>
    public string Postgres => _database.ConnectionString;

    public static async Task<SoakSystem> StartAsync(BenchEngines engines, string lake, Screen screen, CancellationToken cancellationToken)
    {
        var database = await engines.CreateDatabaseAsync(cancellationToken);
        var settings = ServiceSettings.From(new(), lake, engines.Addresses with { Postgres = database.ConnectionString }, collector: null);
        settings["Orders:RateLimit:PerSecond"] = settings["Orders:RateLimit:Burst"] = "1000000";
        var services = new List<SoakService>();
        try
        {
            foreach (var (name, project) in new[] { ("api", "Orders.Api"), ("sync", "Orders.Sync"), ("query", "Orders.Query"), ("warehouse", "Orders.Warehouse") })
            {
                foreach (var number in new[] { 1, 2 })
                {
                    var service = SoakService.OfDotNet($"{name}-{number}", project, settings);
                    services.Add(service);
                    await service.StartAsync(cancellationToken);
                }
            }

            var gateway = await GatewayProgram.FindAsync(new EngineOptions(), screen, cancellationToken) ?? throw new EngineException("The gateway needs Node, and there is none", "Install Node 20.3 or later.");
            var query = services.First(service => service.Name == "query-1").Address.OriginalString;
            services.Add(SoakService.OfProgram("graphql-1", gateway.Node, gateway.Script, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ORDERS_QUERY_URL"] = query,
                ["ORDERS_ENVIRONMENT"] = "Development",
            }));
            await services[^1].StartAsync(cancellationToken);
            return new(database, await ConnectionMultiplexer.ConnectAsync($"{engines.Redis},allowAdmin=true"), lake, services);
        }
        catch
        {
            await EndAsync(services);
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first address of this kind, or either.</summary>
    public Uri AddressOf(string kind, Random random) => Services.Where(service => service.Name.StartsWith(kind, StringComparison.Ordinal)).ToArray() is var some ? some[random.Next(some.Length)].Address : null!;

    /// <summary>Connections that the stores see.</summary>
    public async Task<(long Postgres, long Redis)> CountConnectionsAsync(CancellationToken cancellationToken)
    {
        await using var command = _postgres.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()");
        var clients = await _redis.GetServers()[0].InfoAsync("clients");
        var redis = clients.SelectMany(section => section).First(entry => entry.Key == "connected_clients").Value;
        return ((long)(await command.ExecuteScalarAsync(cancellationToken))!, long.Parse(redis, System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Services);
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static Task EndAsync(IEnumerable<SoakService> services) => Task.WhenAll(services.Select(service => service.DisposeAsync().AsTask()));
}
