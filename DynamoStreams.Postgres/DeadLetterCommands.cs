using DynamoStreams.Leases;
using Npgsql;
using NpgsqlTypes;

namespace DynamoStreams.Postgres;

/// <summary>
/// The statements that keep an item's records in order when one of them cannot be applied. A batch runs
/// <see cref="RefuseIfBlocked"/> after its checkpoint. When that fails, one transaction reads which items
/// are blocked (<see cref="LockBlocked"/>), applies the other records and stores these as dead letters
/// (<see cref="Keep"/>).
/// </summary>
public static class DeadLetterCommands
{
    /// <summary>
    /// Makes the transaction fail when an item has dead letters. It must follow the checkpoint, whose lock
    /// ensures that dead letters of an earlier owner of the shard are visible.
    /// </summary>
    /// <param name="itemKeys">The items of the batch.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand RefuseIfBlocked(IReadOnlyCollection<string> itemKeys, ConsumerSchema? schema = null) => new($"SELECT {ConsumerSchema.In(schema)}.refuse_if_blocked($1)")
    {
        Parameters = { new() { Value = itemKeys.ToArray() } },
    };

    /// <summary>
    /// Selects whether one of the items has dead letters. It locks nothing, so it is only a hint for how to
    /// commit; <see cref="RefuseIfBlocked"/> and <see cref="LockBlocked"/> decide.
    /// </summary>
    /// <param name="itemKeys">The items of the batch.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand FindBlocked(IReadOnlyCollection<string> itemKeys, ConsumerSchema? schema = null) =>
        new($"SELECT EXISTS (SELECT FROM {ConsumerSchema.In(schema)}.blocked_items WHERE item_key = ANY ($1))")
        {
            Parameters = { new() { Value = itemKeys.ToArray() } },
        };

    /// <summary>Whether a transaction failed because an item is blocked.</summary>
    /// <param name="failure">What the transaction failed with.</param>
    public static bool IsBlocked(PostgresException failure) => failure.SqlState == ConsumerSqlStates.Blocked;

    /// <summary>
    /// Selects which of the items have dead letters, and locks that state until the transaction ends: it
    /// waits for a running redrive of them, and the next redrive waits for it.
    /// </summary>
    /// <param name="itemKeys">The items.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand LockBlocked(IReadOnlyCollection<string> itemKeys, ConsumerSchema? schema = null) => new(
        $"""
        SELECT b.item_key
          FROM {ConsumerSchema.In(schema)}.blocked_items AS b
         WHERE b.item_key = ANY ($1)
         ORDER BY b.item_key
           FOR UPDATE
        """)
    {
        Parameters = { new() { Value = itemKeys.ToArray() } },
    };

    /// <summary>
    /// Stores dead letters and blocks their items. It is idempotent: a stored one stays as it is. At most
    /// about a hundred thousand at a time, since they are sent as arrays.
    /// </summary>
    /// <param name="lease">The shard that they come from.</param>
    /// <param name="letters">The records, in the stream's order.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand Keep(ShardLease lease, IReadOnlyList<DeadLetter> letters, ConsumerSchema? schema = null) => new(
        $"""
        WITH blocked AS (
            INSERT INTO {ConsumerSchema.In(schema)}.blocked_items AS b (item_key)
            SELECT DISTINCT item_key FROM unnest($5) AS k (item_key) ORDER BY item_key
            ON CONFLICT (item_key) DO UPDATE SET blocked_at = b.blocked_at)
        INSERT INTO {ConsumerSchema.In(schema)}.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, tenant, record, error, attempts, attempted_at)
        SELECT $1, $2, sequence_number, event_id, item_key, tenant, record, error,
               CASE WHEN error IS NULL THEN 0 ELSE 1 END, CASE WHEN error IS NOT NULL THEN now() END
          FROM unnest($3, $4, $5, $6, $7, $8) WITH ORDINALITY AS new (sequence_number, event_id, item_key, tenant, record, error, position)
         ORDER BY position
        ON CONFLICT DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = lease.StreamArn },
            new() { Value = lease.ShardId },
            new() { Value = letters.Select(letter => letter.Record.SequenceNumber).ToArray() },
            new() { Value = letters.Select(letter => letter.Record.EventId).ToArray() },
            new() { Value = letters.Select(letter => letter.ItemKey).ToArray() },
            Texts(letters.Select(letter => letter.Tenant)),
            new() { Value = letters.Select(letter => letter.Record.Json.ToArray()).ToArray() },
            Texts(letters.Select(letter => letter.Error)),
        },
    };

    /// <summary>Deletes letters that are applied now.</summary>
    /// <param name="ids">The letters.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand Remove(long[] ids, ConsumerSchema? schema = null) => new($"DELETE FROM {ConsumerSchema.In(schema)}.dead_letters WHERE dead_letter_id = ANY ($1)") { Parameters = { new() { Value = ids } } };

    /// <summary>
    /// Stores the new error of letters that failed again. A letter that was deleted meanwhile is skipped.
    /// </summary>
    /// <param name="ids">The letters.</param>
    /// <param name="errors">Why, for each.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand NoteFailed(long[] ids, IEnumerable<string> errors, ConsumerSchema? schema = null) => new(
        $"""
        UPDATE {ConsumerSchema.In(schema)}.dead_letters AS d
           SET error = failed.error, attempts = d.attempts + 1, attempted_at = now()
          FROM unnest($1, $2) AS failed (dead_letter_id, error)
         WHERE d.dead_letter_id = failed.dead_letter_id
        """)
    {
        Parameters = { new() { Value = ids }, Texts(errors) },
    };

    /// <summary>Unblocks items that have no letters left. The transaction holds their locks.</summary>
    /// <param name="itemKeys">The items.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand Unblock(IReadOnlyCollection<string> itemKeys, ConsumerSchema? schema = null) => new(
        $"""
        DELETE FROM {ConsumerSchema.In(schema)}.blocked_items AS b
         WHERE b.item_key = ANY ($1)
           AND NOT EXISTS (SELECT FROM {ConsumerSchema.In(schema)}.dead_letters AS d WHERE d.item_key = b.item_key)
        """)
    {
        Parameters = { new() { Value = itemKeys.ToArray() } },
    };

    private static NpgsqlParameter Texts(IEnumerable<string?> texts) => new()
    {
        Value = texts.Select(text => text is null ? null : StorableText.From(text)).ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };
}
