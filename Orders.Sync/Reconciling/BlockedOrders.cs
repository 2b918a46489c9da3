using Npgsql;
using Orders.Domain.Item;
using Orders.Sync.Projection;

namespace Orders.Sync.Reconciling;

/// <summary>
/// Orders whose changes wait for a dead letter of their item, by design: only a redrive or a discard
/// unblocks them.
/// </summary>
internal static class BlockedOrders
{
    /// <summary>Finds them.</summary>
    /// <param name="database">Where the dead letters are.</param>
    /// <param name="orderIds">Of these orders.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number of the first dead letter of each that is blocked.</returns>
    public static async Task<Dictionary<Guid, long?>> FindAsync(NpgsqlDataSource database, IEnumerable<Guid> orderIds, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT d.item_key, min(d.dead_letter_id)
              FROM sync.blocked_items AS b
              JOIN sync.dead_letters AS d ON d.item_key = b.item_key
             WHERE b.item_key = ANY ($1)
             GROUP BY 1
            """);
        command.Parameters.Add(new() { Value = orderIds.Select(orderId => OrderItemKey.Of($"{orderId:D}")).ToArray() });
        var letters = new Dictionary<Guid, long?>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (OrderItem.TryReadKey(rows.GetString(0), out var orderId))
            {
                letters[orderId] = rows.GetInt64(1);
            }
        }

        return letters;
    }
}
