using DynamoStreams.Postgres;
using Npgsql;
using Orders.Domain.Item;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// Discards dead letters: exactly those that are named, or those of an order that failed. Records that wait
/// for them stay, in order, until a redrive applies them. When an order has no letters left, it is read from
/// the table, because a discarded record may have been its last change.
/// </summary>
internal sealed class DeadLetterDiscard(NpgsqlDataSource database)
{
    /// <summary>Discards, in one transaction.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Stops: either all are discarded or none.</param>
    public async Task<DiscardResult> RunAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The lock on the items makes their redrives, and batches that would add letters, wait.
        var items = await ItemsAsync(
            connection,
            $"""
            SELECT b.item_key
              FROM sync.blocked_items AS b
             WHERE b.item_key IN (SELECT d.item_key FROM sync.dead_letters AS d WHERE {DeadLetterFilter.Condition})
             ORDER BY b.item_key
               FOR UPDATE
            """,
            filter, cancellationToken);
        var discarded = await ItemsAsync(connection, $"DELETE FROM sync.dead_letters AS d WHERE {DeadLetterFilter.Condition} AND ($1 IS NOT NULL OR d.error IS NOT NULL) RETURNING d.item_key", filter, cancellationToken);

        await using var freeing = connection.CreateBatch();
        freeing.BatchCommands.Add(DeadLetterCommands.Unblock(items));
        freeing.BatchCommands.Add(DoubtfulOrders.Note(items.Select(item => OrderItem.TryReadKey(item, out var orderId) ? orderId : (Guid?)null).OfType<Guid>()));
        freeing.BatchCommands.Add(new("SELECT count(*) FROM sync.dead_letters WHERE item_key = ANY ($1) AND ($2 IS NULL OR tenant = ANY ($2))")
        {
            Parameters = { new() { Value = items }, filter.OwnersParameter() },
        });
        var waiting = (long)(await freeing.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return new DiscardResult(discarded.Length, waiting);
    }

    private static async Task<string[]> ItemsAsync(NpgsqlConnection connection, string sql, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        filter.AddTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(reader.GetString(0));
        }

        return [.. items];
    }
}
