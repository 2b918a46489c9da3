using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Ledger;
using Xunit;

namespace Orders.Tests.Warehouse;

/// <summary>A database with the ledger, for tests that write files by hand.</summary>
public sealed class LedgerFixture(TestEngines engines) : IAsyncLifetime
{
    private const string Stream = "arn:aws:dynamodb:us-east-1:1:table/orders/stream/2026";

    public TestStores Stores { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await engines.CreateStoresAsync();
        Database = NpgsqlDataSource.Create(Stores.Postgres);
        await LedgerMigrations.All.ApplyAsync(Database, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>Adds a shard, and takes it.</summary>
    public async Task<ShardLease> NewShardAsync()
    {
        var shard = $"shardId-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await Leases().AddAsync([(Stream, new(shard, null))], CancellationToken.None);
        return await TakeAsync(shard);
    }

    /// <summary>Takes a shard over, as after the crash of the one who has it.</summary>
    public async Task<ShardLease> TakeAsync(string shard)
    {
        await ExecuteAsync($"UPDATE warehouse.shards SET owner = NULL WHERE shard_id = '{shard}'");
        return (await Leases().TryAcquireAsync(new ShardState(Stream, shard, null, false, true), "test", TimeSpan.FromMinutes(5), CancellationToken.None))!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private PostgresLeaseStore Leases() => new(Database, LedgerMigrations.Consumer);
}
