using DynamoStreams.Postgres;
using Npgsql;
using Orders.Domain.Item;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// Gives dead letters up. Exactly those that are named go, of an order those that failed: records that wait
/// behind them stay, and stay in order, until a redrive applies them. Of an order that has none any more the
/// table is asked: what was given up may have been its last word.
/// </summary>
internal sealed class DeadLetterDiscard(NpgsqlDataSource database)
{
    /// <summary>Discards, in one transaction.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Stops: either all are gone or none.</param>
    public async Task<DiscardResult> RunAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The lock on the items makes a redrive of them, and a batch that would add to them, wait.
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
        freeing.BatchCommands.Add(new("SELECT count(*) FROM sync.dead_letters WHERE item_key = ANY ($1)") { Parameters = { new() { Value = items } } });
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
