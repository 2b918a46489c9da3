using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Status;

/// <summary>
/// Reads <see cref="SyncStatus"/> from Postgres. The result is the same on each instance, and without a
/// running instance.
/// </summary>
internal sealed class StatusReader(NpgsqlDataSource database, DynamoDbSettings dynamoDb)
{
    public async Task<SyncStatus> ReadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            SELECT stream_arn, shard_id, owner, NOT sync.is_free(owner, leased_until), finished_at IS NOT NULL,
                   checkpoint, records, CASE WHEN finished_at IS NULL THEN extract(epoch FROM clock_timestamp() - as_of)::float8 END, applied_at, caught_up_at
              FROM sync.shards
             ORDER BY finished_at IS NOT NULL, stream_arn, shard_id
            """));
        batch.BatchCommands.Add(new("SELECT owner FROM sync.instances WHERE table_name = $1 AND alive_until >= clock_timestamp() ORDER BY owner")
        {
            Parameters = { new() { Value = dynamoDb.Table } },
        });
        batch.BatchCommands.Add(new("SELECT max(listed_at) FROM sync.listings WHERE table_name = $1") { Parameters = { new() { Value = dynamoDb.Table } } });
        batch.BatchCommands.Add(new(
            "SELECT count(DISTINCT item_key), count(error), count(*) - count(error), min(created_at) FROM sync.dead_letters"));
        batch.BatchCommands.Add(new("SELECT count(*), min(detected_at) FROM sync.gaps WHERE healed_at IS NULL"));
        batch.BatchCommands.Add(new("SELECT count(*), coalesce(sum(cardinality(order_ids)), 0), min(created_at) FROM sync.cache_repairs"));
        batch.BatchCommands.Add(new("SELECT count(*), min(noted_at) FROM sync.doubtful_orders"));
        batch.BatchCommands.Add(new("SELECT cause, changes, last_order_id, last_at FROM sync.passed_over ORDER BY cause"));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var shards = new List<SyncStatus.Shard>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shards.Add(new(
                reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetDouble(7), Time(reader, 8), Time(reader, 9)));
        }

        var instances = new List<string>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            instances.Add(reader.GetString(0));
        }

        await NextAsync();
        var listedAt = Time(reader, 0);
        await NextAsync();
        var deadLetters = new SyncStatus.DeadLetterCount(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), Time(reader, 3));
        await NextAsync();
        var gaps = new SyncStatus.GapCount(reader.GetInt64(0), Time(reader, 1));
        await NextAsync();
        var repairs = new SyncStatus.CacheRepairCount(reader.GetInt64(0), reader.GetInt64(1), Time(reader, 2));
        await NextAsync();
        var doubts = new SyncStatus.DoubtCount(reader.GetInt64(0), Time(reader, 1));
        var passedOver = new List<SyncStatus.PassedOverCount>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            passedOver.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetGuid(2), Time(reader, 3)));
        }

        return new SyncStatus(dynamoDb.Table, instances, shards, listedAt, deadLetters, gaps, repairs, doubts, passedOver);

        async Task NextAsync()
        {
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
        }
    }

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
