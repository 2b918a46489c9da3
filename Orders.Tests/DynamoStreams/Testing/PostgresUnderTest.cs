using Dapper;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using DynamoStreams.Testing.Compliance;
using Npgsql;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.DynamoStreams.Testing;

/// <summary>
/// The store in Postgres, in the default schema and in another. Its clock is turned: Postgres finds the
/// test's <c>clock_timestamp</c> first, since the search path says so.
/// </summary>
public sealed class PostgresUnderTest(TestEngines engines) : IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        var connectionString = (await engines.CreateStoresAsync()).Postgres;
        _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "turned, pg_catalog, public" }.ConnectionString);
        await ExecuteAsync(
            """
            CREATE SCHEMA turned;
            CREATE TABLE turned.clock (ahead interval NOT NULL);
            INSERT INTO turned.clock VALUES (interval '0');
            CREATE FUNCTION turned.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.clock_timestamp() + ahead FROM turned.clock $$;
            """);
        foreach (var (_, sql) in ConsumerSchema.Default.Files.Concat(Other.Files))
        {
            await ExecuteAsync(sql);
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    internal static ConsumerSchema Other { get; } = new("payments");

    /// <summary>An empty store in a schema.</summary>
    internal async Task<ILeaseStoreUnderTest> EmptyAsync(ConsumerSchema schema)
    {
        var name = schema.Identifier;
        await ExecuteAsync($"UPDATE turned.clock SET ahead = interval '0'; TRUNCATE {name}.shards, {name}.streams, {name}.listings, {name}.instances, {name}.gaps");
        return new InSchema(this, schema);
    }

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }

    private sealed class InSchema(PostgresUnderTest postgres, ConsumerSchema schema) : ILeaseStoreUnderTest
    {
        public ILeaseStore Store { get; } = new PostgresLeaseStore(postgres._database, schema);

        public Task AdvanceAsync(TimeSpan time) => postgres.ExecuteAsync("UPDATE turned.clock SET ahead = ahead + @time", new { time });

        public async Task<ILeaseTransaction> BeginAsync(ShardBatch batch)
        {
            var connection = await postgres._database.OpenConnectionAsync();
            var transaction = await connection.BeginTransactionAsync();
            try
            {
                await using var statements = new NpgsqlBatch(connection, transaction) { BatchCommands = { CheckpointCommand.For(batch, lastChangeAt: null, schema) } };
                await statements.ExecuteNonQueryAsync();
                return new Transaction(connection, transaction);
            }
            catch (PostgresException lost) when (CheckpointCommand.IsLeaseLost(lost))
            {
                await connection.DisposeAsync();
                throw new LeaseLostException(batch.Lease.ShardId, lost);
            }
        }

        public async Task<IReadOnlyList<StoredGap>> ReadGapsAsync()
        {
            await using var connection = await postgres._database.OpenConnectionAsync();
            return [.. (await connection.QueryAsync<(string, string, string, string?)>($"SELECT stream_arn, shard_id, reason, after FROM {schema.Identifier}.gaps"))
                .Select(gap => new StoredGap(gap.Item1, gap.Item2, gap.Item3, gap.Item4))];
        }
    }

    private sealed class Transaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : ILeaseTransaction
    {
        public Task CommitAsync() => transaction.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
