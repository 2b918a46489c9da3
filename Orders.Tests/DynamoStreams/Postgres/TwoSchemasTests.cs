using Dapper;
using DynamoStreams;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Tests.DynamoStreams.Scripted;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Postgres;

/// <summary>
/// Two consumers of one stream in one database, each with a schema of its own. Neither has the default; the
/// name of one is a word of SQL.
/// </summary>
public sealed class TwoSchemasTests(TestEngines engines) : IAsyncLifetime
{
    private static readonly ConsumerSchema[] Schemas = [new("payments"), new("user")];
    private readonly ScriptedStreams _streams = new();
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create((await engines.CreateStoresAsync()).Postgres);
        foreach (var schema in Schemas)
        {
            foreach (var (_, sql) in schema.Files)
            {
                await ExecuteAsync(sql);
            }

            await ExecuteAsync($"CREATE TABLE noted_by_{schema.Name} (id bigint GENERATED ALWAYS AS IDENTITY, shard_id text, item text, what text)");
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Each_reads_all_of_the_stream_and_nothing_is_written_elsewhere()
    {
        var shard = _streams.AddShard("shard-1");
        _streams.Write(shard, "a", "b");
        _streams.Write(_streams.Split(shard, "shard-2")[0], "c", "poison", "d");
        using var stop = new CancellationTokenSource();
        var consumers = Schemas.Select(schema => new StreamConsumer(
            _streams, new PostgresLeaseStore(_database, schema), Handler(schema), ConsumerBench.Options(), TimeProvider.System, NullLogger<StreamConsumer>.Instance)).ToList();
        var running = consumers.ConvertAll(consumer => consumer.RunAsync(stop.Token));

        foreach (var schema in Schemas)
        {
            await Eventually.HoldsAsync(() => ScalarAsync<bool>($"SELECT count(*) = 5 FROM noted_by_{schema.Name}"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(running);
        consumers.ForEach(consumer => consumer.Dispose());
        foreach (var schema in Schemas)
        {
            (await ScalarAsync<string>($"SELECT string_agg(item || ' ' || what, ', ' ORDER BY id) FROM noted_by_{schema.Name}"))
                .ShouldBe("a applied, b applied, c applied, poison set aside, d applied");
            (await ScalarAsync<long>($"SELECT sum(records)::bigint FROM {schema.Identifier}.shards")).ShouldBe(5);
        }

        (await ScalarAsync<bool>("SELECT to_regnamespace('sync') IS NULL")).ShouldBeTrue("the default schema is not needed");
    }

    [Fact]
    public async Task A_transaction_that_holds_the_shard_in_one_is_not_ended_for_the_other()
    {
        var (mine, others) = (new PostgresLeaseStore(_database, Schemas[0]), new PostgresLeaseStore(_database, Schemas[1]));
        var shard = new ShardState("arn", "shard-1", null, Finished: false, Free: true);
        foreach (var store in new[] { mine, others })
        {
            await store.AddAsync([("arn", new("shard-1", null))], CancellationToken.None);
        }

        // Both hold it; of the other, the owner is gone.
        var lease = (await mine.TryAcquireAsync(shard, "alive", TimeSpan.FromMinutes(5), CancellationToken.None)).ShouldNotBeNull();
        await others.TryAcquireAsync(shard, "gone", TimeSpan.FromMinutes(-1), CancellationToken.None);
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { CheckpointCommand.For(new ShardBatch(lease, [], EndsShard: false), null, Schemas[0]) } };
        await batch.ExecuteNonQueryAsync();

        (await others.EvictAsync(shard, CancellationToken.None)).ShouldBe(0);

        await transaction.CommitAsync();
    }

    [Fact]
    public async Task Dead_letters_are_those_of_their_schema()
    {
        var lease = new ShardLease("arn", "shard-1", 1, null);
        var record = ScriptedStreams.Record("1", "item");
        await ExecuteAsync(DeadLetterCommands.Keep(lease, [new DeadLetter(record, "pk=item", Tenant: null, "broken")], Schemas[1]));
        await ExecuteAsync(DeadLetterCommands.RefuseIfBlocked(["pk=item"], Schemas[0]));
        var refused = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(DeadLetterCommands.RefuseIfBlocked(["pk=item"], Schemas[1])));
        DeadLetterCommands.IsBlocked(refused).ShouldBeTrue();
        (await ExecuteAsync(DeadLetterCommands.LockBlocked(["pk=item"], Schemas[1]))).ShouldBe("pk=item");

        var id = await ScalarAsync<long>("SELECT dead_letter_id FROM \"user\".dead_letters");
        await ExecuteAsync(DeadLetterCommands.NoteFailed([id], ["again"], Schemas[1]));
        (await ScalarAsync<string>("SELECT error || ' ' || attempts FROM \"user\".dead_letters")).ShouldBe("again 2");
        await ExecuteAsync(DeadLetterCommands.Remove([id], Schemas[1]));
        await ExecuteAsync(DeadLetterCommands.Unblock(["pk=item"], Schemas[1]));
        await ExecuteAsync(DeadLetterCommands.RefuseIfBlocked(["pk=item"], Schemas[1]));
    }

    private NotingHandler Handler(ConsumerSchema schema) => new(_database, schema, $"noted_by_{schema.Name}") { Poison = { ["poison"] = new FormatException("poison") } };

    private async Task<object?> ExecuteAsync(NpgsqlBatchCommand command)
    {
        await using var batch = _database.CreateBatch();
        batch.BatchCommands.Add(command);
        return await batch.ExecuteScalarAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }
}
