using System.Text;
using System.Text.Json.Serialization;
using Dapper;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using DynamoStreams.Postgres.Mapping;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.DynamoStreams.Postgres;

/// <summary>
/// A table of payments on a real Postgres, fed with records by hand, behind the bisecting of the product.
/// </summary>
public sealed class MappedTable(TestEngines engines) : IAsyncLifetime
{
    private int _sequence;

    internal NpgsqlDataSource Database { get; private set; } = null!;

    internal string Name => new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database!;

    internal PostgresBatchHandler Handler { get; private set; } = null!;

    internal static ConsumerSchema Schema { get; } = new("payments_consumer");

    internal static TableMap<Payment> Map { get; } = PaymentsIn("payments");

    internal static TableMap<Payment> PaymentsIn(string name) => PostgresTable.Map<Payment>().ToTable(name).Only("kind", "payment")
        .Key(p => p.Merchant).Key(p => p.Id).Version(p => p.Version).Column(p => p.Amount).Column(p => p.Note).Column(p => p.PaidAt);

    public async ValueTask InitializeAsync()
    {
        Database = NpgsqlDataSource.Create((await engines.CreateStoresAsync()).Postgres);
        await Schema.ApplyAsync(Database);
        await Map.CreateAsync(Database);
        Handler = Map.Handler(Database, Schema);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    internal Task ResetAsync() => ExecuteAsync("TRUNCATE payments, payments_tombstones, payments_consumer.dead_letters, payments_consumer.blocked_items");

    internal async Task<ShardLease> LeaseAsync(string streamArn = "arn")
    {
        var (leases, shardId) = (new PostgresLeaseStore(Database, Schema), $"shard-{Guid.CreateVersion7():N}");
        await leases.AddAsync([(streamArn, new ShardDescription(shardId, null))], CancellationToken.None);
        return (await leases.TryAcquireAsync(new ShardState(streamArn, shardId, null, false, true), "tests", TimeSpan.FromMinutes(5), CancellationToken.None))!;
    }

    /// <summary>Applies records as a shard's pump does.</summary>
    internal Task ApplyAsync(ShardLease lease, params StreamRecord[] records) => ApplyAsync(Handler, lease, records);

    internal static async Task ApplyAsync(PostgresBatchHandler handler, ShardLease lease, params StreamRecord[] records) =>
        await new BisectingApplier(handler, new PollingOptions(), new ConsumerProgress(), TimeProvider.System, NullLogger.Instance)
            .ApplyAsync(new ShardBatch(lease, records, EndsShard: false), CancellationToken.None);

    /// <summary>A change of an item.</summary>
    /// <param name="before">Its attributes before, in DynamoDB JSON; null for none.</param>
    /// <param name="after">Its attributes after; null for none.</param>
    internal StreamRecord Record(string? before, string? after)
    {
        var what = before is null ? "INSERT" : after is null ? "REMOVE" : "MODIFY";
        var images = (after is null ? "" : $",\"NewImage\":{after}") + (before is null ? "" : $",\"OldImage\":{before}");
        return StreamRecord.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"eventID":"event-{{{++_sequence}}}","eventName":"{{{what}}}","dynamodb":{"ApproximateCreationDateTime":1796000000,
             "Keys":{"pk":{"S":"{{{KeyOf(after ?? before!)}}}"}},"SequenceNumber":"{{{_sequence}}}"{{{images}}}}}
            """));
    }

    /// <summary>A payment's item.</summary>
    internal static string Item(string id, long version, string amount = "1.50", string kind = "payment", string merchant = "m-1") =>
        $$$"""{"pk":{"S":"{{{id}}}"},"kind":{"S":"{{{kind}}}"},"merchant":{"S":"{{{merchant}}}"},"version":{"N":"{{{version}}}"},"amount":{"N":"{{{amount}}}"},"paidAt":{"S":"2026-11-30T10:00:00+05:30"}}""";

    internal async Task<string> RowsAsync() =>
        await ScalarAsync<string?>("SELECT string_agg(merchant || '/' || id || ' v' || version || ' ' || amount, ', ' ORDER BY merchant, id) FROM payments") ?? "";

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private static string KeyOf(string item) => item.Split("\"pk\":{\"S\":\"")[1].Split('"')[0];

    internal sealed record Payment([property: JsonPropertyName("pk")] string Id, string Merchant, long Version, decimal Amount, DateTimeOffset PaidAt, string? Note = null);
}
