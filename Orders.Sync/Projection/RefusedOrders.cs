using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// Which orders of a batch Postgres has in another version than the batch's: a newer one was there, written by a snapshot beside a stream that is behind.
/// Redis may have lost that one, and its guard would then take the older.
/// </summary>
internal static class RefusedOrders
{
    private const string Name = "refused_order_id";

    /// <summary>The statement that finds them: behind those that write the orders, in the same transaction, for <see cref="ExecuteAsync"/>.</summary>
    /// <param name="newest">The newest version of each order.</param>
    public static NpgsqlBatchCommand Find(IReadOnlyCollection<OrderChange> newest)
    {
        var changes = newest.ToArray();
        return ProjectionCommands.Command(
            $"""
            SELECT new.order_id AS {Name}
              FROM unnest($1, $2) AS new (order_id, version)
             WHERE (SELECT o.version FROM orders AS o WHERE o.order_id = new.order_id) IS DISTINCT FROM new.version
            """,
            ProjectionCommands.Column(changes, change => change.OrderId),
            // Of a deletion that stands there is no row.
            ProjectionCommands.Column(changes, change => change.IsDeletion ? (long?)null : change.Version));
    }

    /// <summary>Executes statements of which one may be <see cref="Find"/>'s.</summary>
    /// <returns>The orders that it found.</returns>
    public static async Task<IReadOnlySet<Guid>> ExecuteAsync(NpgsqlBatch statements, CancellationToken cancellationToken)
    {
        var refused = new HashSet<Guid>();
        await using var reader = await statements.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (reader.FieldCount > 0 && reader.GetName(0) == Name && await reader.ReadAsync(cancellationToken))
            {
                refused.Add(reader.GetGuid(0));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return refused;
    }
}
