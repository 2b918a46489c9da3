using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>The oldest letters of items that a transaction has locked.</summary>
public static class LockedLetters
{
    // A record of a large item (400 KB, two images) is nearly 1 MB, so a page is bounded by bytes as well as
    // by count.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    private const long MostBytes = 8 * 1024 * 1024;

    /// <summary>Locks items and reads their oldest letters, some megabytes at most.</summary>
    /// <param name="connection">In a transaction, which holds the locks.</param>
    /// <param name="itemKeys">The items.</param>
    /// <param name="limit">At most so many letters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    /// <returns>The letters in their order, and whether there are more than these.</returns>
    public static async Task<(IReadOnlyList<(long Id, string ItemKey, ReadOnlyMemory<byte> Json)> Letters, bool More)> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> itemKeys, int limit, CancellationToken cancellationToken, ConsumerSchema? schema = null)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(DeadLetterCommands.LockBlocked(itemKeys, schema));
        batch.BatchCommands.Add(new(
            $"""
            SELECT dead_letter_id, item_key, record, total
              FROM (SELECT dead_letter_id, item_key, record, count(*) OVER () AS total,
                           row_number() OVER upward AS number,
                           sum(octet_length(record)) OVER upward - octet_length(record) AS bytes_before
                      FROM {ConsumerSchema.In(schema)}.dead_letters
                     WHERE item_key = ANY ($1)
                    WINDOW upward AS (ORDER BY dead_letter_id)) AS letters
             WHERE number <= $2 AND bytes_before < $3
             ORDER BY dead_letter_id
            """)
        {
            Parameters = { new() { Value = itemKeys.ToArray() }, new() { Value = (long)limit }, new() { Value = MostBytes } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var locked = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            locked.Add(reader.GetString(0));
        }

        await reader.NextResultAsync(cancellationToken);
        var letters = new List<(long, string, ReadOnlyMemory<byte>)>();
        var total = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            total = reader.GetInt64(3);

            // An item that another redrive has just freed is not locked. What came since is not ours.
            if (locked.Contains(reader.GetString(1)))
            {
                letters.Add((reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
            }
        }

        return (letters, letters.Count > 0 && total > letters.Count);
    }
}
