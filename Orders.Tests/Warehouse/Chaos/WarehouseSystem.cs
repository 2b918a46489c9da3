using Dapper;
using Npgsql;
using Orders.Tests.Chaos;
using Orders.Tests.Engines;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>Orders.Sync and one or two instances of Orders.Warehouse as processes, on one table.</summary>
internal sealed class WarehouseSystem : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private readonly ServiceProcess _sync;
    private readonly List<ServiceProcess> _instances = [];
    private readonly Random _random;

    /// <param name="stores">The stores.</param>
    /// <param name="lake">The settings of the lake.</param>
    /// <param name="fileRows">The changes of a file: with few of them an instance is nearly always
    /// writing.</param>
    /// <param name="random">For what is left to chance.</param>
    public WarehouseSystem(TestStores stores, IReadOnlyDictionary<string, string?> lake, int fileRows, Random random)
    {
        _random = random;
        _settings = new(stores.Settings, StringComparer.Ordinal) { ["Orders:Warehouse:FileSeconds"] = "1", ["Orders:Warehouse:FileRows"] = $"{fileRows}" };
        foreach (var (name, value) in lake)
        {
            _settings[name] = value;
        }

        _sync = ServiceProcess.Start(_settings);
        AddInstance();
    }

    /// <summary>The settings of every process.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>Of the killed ones: how many left a range that was noted and not live.</summary>
    public int KilledWithinRange { get; private set; }

    /// <summary>How many were killed.</summary>
    public int Killed { get; private set; }

    /// <summary>All that the processes said that are still there.</summary>
    public string Said => string.Join('\n', _instances.Append(_sync).Select(process => process.Said));

    public void AddInstance() => _instances.Add(ServiceProcess.StartWarehouse(_settings));

    public async Task RemoveInstanceAsync()
    {
        await _instances[^1].DisposeAsync();
        _instances.RemoveAt(_instances.Count - 1);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var command = ServiceProcess.StartWarehouse(_settings, arguments);
        return await command.ExitAsync();
    }

    /// <summary>SIGKILLs the instance that has the shard, in turn at another moment, and starts another in
    /// its place.</summary>
    /// <param name="moment">Which.</param>
    public async Task KillOwnerAsync(int moment)
    {
        var owner = await WaitForOwnerAsync();
        switch (moment % 4)
        {
            // A range is noted: its file is being written, or is written and not registered.
            case 0:
                await WaitForNotedAsync();
                break;
            case 1:
                await WaitForNotedAsync();
                await Task.Delay(_random.Next(60));
                break;
            case 2:
                await Task.Delay(_random.Next(1_500));
                break;
            default:
                // As it takes the shard over, perhaps from one that left a range.
                break;
        }

        await _instances[owner].KillAsync();
        Killed++;
        KilledWithinRange += await ScalarAsync<bool>("SELECT EXISTS (SELECT FROM warehouse.files WHERE state = 'noted' AND NOT replaces)") ? 1 : 0;
        await _instances[owner].DisposeAsync();
        _instances[owner] = ServiceProcess.StartWarehouse(_settings);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_settings["ConnectionStrings:orders"]);
        await connection.OpenAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    public async Task<List<string>> ColumnAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_settings["ConnectionStrings:orders"]);
        await connection.OpenAsync();
        return [.. await connection.QueryAsync<string>(sql)];
    }

    /// <summary>Waits until one of the instances has the shard.</summary>
    /// <returns>Which.</returns>
    public async Task<int> WaitForOwnerAsync()
    {
        var owner = -1;
        await Eventually.HoldsAsync(async () =>
        {
            // The first instance has not made the tables yet.
            if (await ScalarAsync<bool>("SELECT to_regclass('warehouse.files') IS NULL"))
            {
                return false;
            }

            var name = (await ColumnAsync("SELECT coalesce(owner, '') FROM warehouse.shards")).SingleOrDefault();
            owner = _instances.FindIndex(instance => name?.Split('/') is [_, var id, _] && id == $"{instance.Id}");
            return owner >= 0;
        });
        return owner;
    }

    public async ValueTask DisposeAsync()
    {
        await _sync.DisposeAsync();
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }
    }

    private async Task WaitForNotedAsync()
    {
        await using var connection = new NpgsqlConnection(_settings["ConnectionStrings:orders"]);
        await connection.OpenAsync();
        for (var look = 0; look < 2_000 && !await connection.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM warehouse.files WHERE state = 'noted')"); look++)
        {
            await Task.Delay(1);
        }
    }
}
