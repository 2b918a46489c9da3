using Npgsql;

namespace Orders.Sync.DeadLetters;

/// <summary>Lists dead letters.</summary>
internal sealed class DeadLetterList(NpgsqlDataSource database)
{
    public const int LargestPage = 1000;

    /// <summary>Reads a page.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    /// <param name="limit">At most so many, from 1 to <see cref="LargestPage"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<DeadLetterPage> ReadAsync(DeadLetterFilter filter, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT d.dead_letter_id, d.item_key, d.tenant, d.error, d.attempts, d.created_at, d.attempted_at, d.shard_id, d.sequence_number,
                   octet_length(d.record)
              FROM sync.dead_letters AS d
             WHERE {DeadLetterFilter.Condition} AND d.dead_letter_id > $4
             ORDER BY d.dead_letter_id
             LIMIT $5
            """);
        filter.AddTo(command.Parameters);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit + 1 });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new List<StoredDeadLetter>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var error = reader.IsDBNull(3) ? null : reader.GetString(3);
            letters.Add(new(
                reader.GetInt64(0), error is null ? "waiting" : "failed", reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), error,
                reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.GetString(7), reader.GetString(8), reader.GetInt32(9)));
        }

        return letters.Count > limit ? new DeadLetterPage(letters[..limit], letters[limit - 1].Id) : new DeadLetterPage(letters, null);
    }
}
