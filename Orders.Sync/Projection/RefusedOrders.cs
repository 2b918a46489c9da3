using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// Which orders of a batch Postgres has in another state than the batch's: nobody can tell which of the two is later (<see cref="RowGuard"/>). Their
/// announcement in Redis is withdrawn, and <see cref="DoubtfulOrders"/> asks the table.
/// </summary>
internal static class RefusedOrders
{
    private const string Name = "refused_order_id";

    private const string Refused =
        $"""
        SELECT new.order_id AS {Name}
          FROM unnest($1, $2, $3, $4, $5, $6) AS new (order_id, version, updated_at, place, is_deletion, is_out_of_order)
          LEFT JOIN LATERAL (SELECT version, updated_at, place FROM orders WHERE order_id = new.order_id OFFSET 0) AS o ON true
         WHERE new.is_out_of_order
            OR CASE WHEN new.is_deletion THEN o.version IS NOT NULL
                    WHEN new.place IS NULL THEN (o.version, o.updated_at) IS DISTINCT FROM (new.version, new.updated_at)
                       ELSE o.place IS DISTINCT FROM new.place END
        """;

    /// <summary>The statement that finds them: behind those that write the orders, in the same transaction, for <see cref="ExecuteAsync"/>.</summary>
    /// <param name="newest">The last state of each order.</param>
    public static NpgsqlBatchCommand Find(IReadOnlyCollection<OrderChange> newest) => For(Refused, newest);

    /// <summary>The same, which also notes that the table is to be asked.</summary>
    /// <param name="newest">The last state of each order.</param>
    public static NpgsqlBatchCommand FindAndNote(IReadOnlyCollection<OrderChange> newest) => For(
        $"""
        WITH refused AS MATERIALIZED ({Refused}),
        noted AS (
            INSERT INTO sync.doubtful_orders (order_id)
            SELECT {Name} FROM refused ORDER BY {Name}
            ON CONFLICT (order_id) DO UPDATE SET noted_by = excluded.noted_by)
        SELECT {Name} FROM refused
        """,
        newest);

    /// <summary>Executes statements of which one may be <see cref="Find"/>'s or <see cref="FindAndNote"/>'s.</summary>
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

    private static NpgsqlBatchCommand For(string sql, IReadOnlyCollection<OrderChange> newest)
    {
        var changes = newest.ToArray();
        return ProjectionCommands.Command(sql, [.. ProjectionCommands.Stamps(changes), ProjectionCommands.Column(changes, change => change.IsDeletion), ProjectionCommands.Column(changes, change => change.IsOutOfOrder)]);
    }
}
