using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// The orders of a batch that Postgres has in another state, where it is unknown which state is later
/// (<see cref="RowGuard"/>). Their announcements in Redis are withdrawn, and they are read from the table
/// (<see cref="DoubtfulOrders"/>). Deleting an order that is deleted already is no such case.
/// </summary>
internal static class RefusedOrders
{
    /// <summary>The batch has the order's records out of order.</summary>
    public const string OutOfOrder = "out_of_order";

    /// <summary>The order is deleted, and the deletion is not certainly earlier than the change.</summary>
    public const string BelowTombstone = "below_tombstone";

    /// <summary>The stored state has a later place in the stream.</summary>
    public const string EarlierPlace = "earlier_place";

    /// <summary>
    /// The stored state has the same place but differs: it comes from another stream of the table.
    /// </summary>
    public const string SamePlace = "same_place";

    /// <summary>The stored state was read from the table, and the change's version is not higher.</summary>
    public const string VersionNotHigher = "version_not_higher";

    /// <summary>
    /// The stored state was read from the table; the change's version is higher, but its old image is
    /// another state.
    /// </summary>
    public const string OtherOrigin = "other_origin";

    private const string Name = "refused_order_id";

    private const string Refused =
        $"""
        SELECT new.order_id AS {Name},
               NOT (new.is_deletion AND o.version IS NULL AND NOT new.is_out_of_order) AS is_in_doubt,
               CASE WHEN new.is_out_of_order THEN '{OutOfOrder}'
                    WHEN o.version IS NULL THEN '{BelowTombstone}'
                    WHEN o.place > new.place THEN '{EarlierPlace}'
                    WHEN o.place = new.place THEN '{SamePlace}'
                    WHEN new.version <= o.version THEN '{VersionNotHigher}'
                    ELSE '{OtherOrigin}' END AS cause
          FROM unnest($1, $2, $3, $4, $5, $6) AS new (order_id, version, updated_at, place, is_deletion, is_out_of_order)
          LEFT JOIN LATERAL (SELECT version, updated_at, place FROM orders WHERE order_id = new.order_id OFFSET 0) AS o ON true
         WHERE new.is_out_of_order
            OR CASE WHEN new.is_deletion
                    THEN o.version IS NOT NULL OR EXISTS (SELECT FROM sync.tombstones AS t WHERE t.order_id = new.order_id AND t.place IS DISTINCT FROM new.place OFFSET 0)
                    ELSE (o.version, o.updated_at) IS DISTINCT FROM (new.version, new.updated_at) OR (new.place IS NOT NULL AND o.place IS DISTINCT FROM new.place) END
        """;

    /// <summary>
    /// The statement that finds them, after those that write the orders and in the same transaction; run it
    /// by <see cref="ExecuteAsync"/>.
    /// </summary>
    /// <param name="newest">The last state of each order.</param>
    public static NpgsqlBatchCommand Find(IReadOnlyCollection<OrderChange> newest) => For(Refused, newest);

    /// <summary>The same statement, which also notes the orders as in doubt.</summary>
    /// <param name="newest">The last state of each order.</param>
    public static NpgsqlBatchCommand FindAndNote(IReadOnlyCollection<OrderChange> newest) => For(
        $"""
        WITH refused AS MATERIALIZED ({Refused}),
        noted AS (
            INSERT INTO sync.doubtful_orders (order_id)
            SELECT {Name} FROM refused WHERE is_in_doubt ORDER BY {Name}
            ON CONFLICT (order_id) DO UPDATE SET noted_by = excluded.noted_by)
        SELECT * FROM refused
        """,
        newest);

    /// <summary>
    /// Executes statements, of which one may be <see cref="Find"/> or <see cref="FindAndNote"/>.
    /// </summary>
    /// <param name="statements">The statements.</param>
    /// <param name="passedOver">Receives every change that was passed over; null when not needed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The orders in doubt.</returns>
    public static async Task<IReadOnlySet<Guid>> ExecuteAsync(NpgsqlBatch statements, ICollection<PassedChange>? passedOver, CancellationToken cancellationToken)
    {
        var refused = new HashSet<Guid>();
        await using var reader = await statements.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (reader.FieldCount > 0 && reader.GetName(0) == Name && await reader.ReadAsync(cancellationToken))
            {
                var orderId = reader.GetGuid(0);
                passedOver?.Add(new(orderId, reader.GetString(2)));
                if (reader.GetBoolean(1))
                {
                    refused.Add(orderId);
                }
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
