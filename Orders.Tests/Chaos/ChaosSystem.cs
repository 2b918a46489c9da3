using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Api;
using Shouldly;
using StackExchange.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Orders.Tests.Chaos;

/// <summary>
/// The whole system on engines of its own: Orders.Api in this process, instances of Orders.Sync as processes
/// that can be killed.
/// </summary>
internal sealed class ChaosSystem : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly ServiceProcess[] _instances;

    private ChaosSystem(ChaosEngines engines, Dictionary<string, string?> settings, WebApplication api, int instances)
    {
        (Engines, Settings, _api) = (engines, settings, api);
        Api = new(api.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        _instances = [.. Enumerable.Range(0, instances).Select(_ => ServiceProcess.Start(settings))];
    }

    public ChaosEngines Engines { get; }

    public Dictionary<string, string?> Settings { get; }

    public Uri Api { get; }

    public int Instances => _instances.Length;

    public static async Task<ChaosSystem> StartAsync(int instances)
    {
        var engines = await ChaosEngines.StartAsync();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:orders"] = engines.Addresses.Postgres,
            ["ConnectionStrings:redis"] = engines.Addresses.Redis,
            ["AWS_ENDPOINT_URL_DYNAMODB"] = engines.Addresses.DynamoDb,
            ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = engines.Addresses.DynamoDb,
            ["AWS_REGION"] = "us-east-1",
            ["Orders:Table"] = "orders",
        };
        var api = ApiHost.Build(
            new() { EnvironmentName = "Development" },
            new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["urls"] = "http://127.0.0.1:0", ["Logging:LogLevel:Default"] = "None" });
        await api.StartAsync();
        return new(engines, settings, api, instances);
    }

    public ServiceProcess Process(int instance) => _instances[instance];

    /// <summary>
    /// Instances that their heartbeats show; one that was killed counts until its last has run out.
    /// </summary>
    public async Task<int> CountRunningAsync()
    {
        try
        {
            return await ScalarAsync<int>("SELECT count(*) FROM sync.instances WHERE alive_until >= clock_timestamp()");
        }
        catch (PostgresException early) when (early.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first instance has not made the tables yet.
            return 0;
        }
    }

    /// <summary>
    /// Which instance has the table's one shard, -1 for none, and how many of the shard's records are
    /// applied.
    /// </summary>
    public async Task<(int Instance, long Records)> OwnerAsync()
    {
        await using var connection = new NpgsqlConnection(Engines.Addresses.Postgres);
        await connection.OpenAsync();
        var (owner, records) = await connection.QuerySingleOrDefaultAsync<(string?, long)>("SELECT owner, records FROM sync.shards");
        return (Array.FindIndex(_instances, instance => owner?.Split('/') is [_, var id, _] && id == $"{instance.Id}"), records);
    }

    /// <summary>SIGKILLs an instance and starts another in its place.</summary>
    public async Task ReplaceInstanceAsync(int instance)
    {
        await _instances[instance].KillAsync();
        await _instances[instance].DisposeAsync();
        _instances[instance] = ServiceProcess.Start(Settings);
    }

    public async Task FlushRedisAsync()
    {
        if (Engines.Addresses.Redis is not { } redis)
        {
            return;
        }

        using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis},allowAdmin=true,abortConnect=false");
        await connection.GetServer(redis).FlushAllDatabasesAsync();
    }

    /// <summary>
    /// Waits until everything is projected, then compares: nothing lost, nothing twice, totals exact,
    /// reconcile finds no difference.
    /// </summary>
    public async Task ShouldAgreeAsync(OrderLoad load)
    {
        try
        {
            await Eventually.HoldsAsync(() => IsDrainedAsync(load), seconds: 120);
        }
        catch (ShouldAssertException late)
        {
            await using var status = ServiceProcess.Start(Settings, "status");
            throw new ShouldAssertException(
                $"{(load.Placed, load.Changed, load.Deleted)} were written, {await CountsAsync()} arrived:\n{(await status.ExitAsync()).Output}\n{string.Join('\n', _instances.Select(instance => instance.Said))}", late);
        }

        (await ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(load.Placed - load.Deleted);

        // The server numbers its records 1, 2, 3 …: as many were applied as there are, so none was left out
        // and none applied twice.
        await Eventually.HoldsAsync(async () => await ScalarAsync<long>("SELECT sum(records) - max(checkpoint::bigint) FROM sync.shards") == 0);
        (await ScalarAsync<int>(
            """
            SELECT count(*)
              FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, count(*) AS orders, sum(amount) AS amount
                      FROM orders WHERE status <> 'cancelled' GROUP BY 1, 2, 3) AS counted
              FULL JOIN (SELECT * FROM hourly_totals WHERE orders <> 0 OR amount <> 0) AS totals USING (merchant_id, hour, currency)
             WHERE counted.orders IS DISTINCT FROM totals.orders OR counted.amount IS DISTINCT FROM totals.amount
            """)).ShouldBe(0);
        await Eventually.HoldsAsync(async () => await ScalarAsync<int>("SELECT count(*) FROM sync.cache_repairs") == 0);
        (await ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(0);
        (await ScalarAsync<int>("SELECT count(*) FROM sync.gaps")).ShouldBe(0);

        await using var reconcile = ServiceProcess.Start(Settings, "reconcile");
        var (exitCode, output) = await reconcile.ExitAsync();
        exitCode.ShouldBe(0, output);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Engines.Addresses.Postgres);
        await connection.OpenAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await _api.StopAsync();
        await _api.DisposeAsync();
        await Engines.DisposeAsync();
    }

    private async Task<bool> IsDrainedAsync(OrderLoad load)
    {
        try
        {
            return await CountsAsync() == (load.Placed, load.Changed, load.Deleted);
        }
        catch (NpgsqlException)
        {
            // Postgres may have been the last to be killed, and be recovering still.
            return false;
        }
    }

    private async Task<(int Placed, int Changed, int Deleted)> CountsAsync()
    {
        await using var connection = new NpgsqlConnection(Engines.Addresses.Postgres);
        await connection.OpenAsync();
        return await connection.QuerySingleAsync<(int, int, int)>(
            """
            SELECT count(*) FILTER (WHERE change = 'placed')::int, count(*) FILTER (WHERE change = 'changed')::int, count(*) FILTER (WHERE change = 'deleted')::int
              FROM order_history
            """);
    }
}
