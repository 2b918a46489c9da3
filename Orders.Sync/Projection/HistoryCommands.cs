using Npgsql;
using NpgsqlTypes;
using Orders.Domain;

namespace Orders.Sync.Projection;

/// <summary>
/// The statements that write the history, from which the feed is read. The entries of an order are numbered
/// by <c>revision</c>, which always rises. It equals the version as long as every write raises the version,
/// and is higher afterwards. An entry has the place of its record in the stream. An entry that was read from
/// the table has none until its record comes.
/// </summary>
internal static class HistoryCommands
{
    private const string Same =
        "h.version = excluded.version AND (h.change = 'deleted') = (excluded.change = 'deleted') AND h.body::text = excluded.body::text";

    // A record earlier than the last known place comes from a shard that was reopened after its children: it
    // fills the hole at its version. An order that is put again without a record of its deletion follows the
    // deletion that was read from the table. Any other entry without a place is replaced by the record. If
    // both say the same, the feed has reported it already; otherwise it is a new change and gets a new
    // position in the feed. Other columns get their defaults.
    private const string RememberRecords =
        $"""
        WITH told AS MATERIALIZED (
            SELECT DISTINCT ON (new.order_id, new.place) new.*,
                   CASE WHEN new.change = 'placed' AND last.change <> 'deleted'
                        THEN greatest(last.revision, (SELECT max(revision) FROM order_history AS h WHERE h.order_id = new.order_id AND h.place IS NULL AND h.change = 'deleted'))
                        ELSE coalesce(last.revision, 0) END AS last_revision,
                   CASE WHEN last.place IS NULL OR new.place > last.place THEN 'next'
                        WHEN EXISTS (SELECT FROM order_history AS h WHERE h.order_id = new.order_id AND h.place = new.place) THEN 'known'
                        WHEN new.version >= last.revision
                          OR EXISTS (SELECT FROM order_history AS h WHERE h.order_id = new.order_id AND h.revision = new.version AND h.place IS NOT NULL) THEN 'next'
                        ELSE 'between' END AS what
              FROM unnest($1, $2, $3, $4, $5, $6::json[], $7) AS new (order_id, version, merchant_id, change, changed_at, body, place)
              LEFT JOIN LATERAL (
                   SELECT revision, place, change FROM order_history AS h
                    WHERE h.order_id = new.order_id AND h.place IS NOT NULL
                    ORDER BY revision DESC LIMIT 1) AS last ON true
             ORDER BY new.order_id, new.place),
        next AS (
            SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY place) AS k FROM told WHERE what = 'next'),
        numbered AS (
            SELECT order_id, k + max(greatest(last_revision, version - k)) OVER (PARTITION BY order_id ORDER BY k) AS revision,
                   version, merchant_id, change, changed_at, body, place
              FROM next
            UNION ALL
            (SELECT DISTINCT ON (order_id, version) order_id, version, version, merchant_id, change, changed_at, body, place
               FROM told WHERE what = 'between' ORDER BY order_id, version))
        INSERT INTO order_history AS h (order_id, revision, version, merchant_id, change, changed_at, body, place)
        SELECT order_id, revision, version, merchant_id, change, changed_at, body, place FROM numbered ORDER BY order_id, revision
        ON CONFLICT (order_id, revision) DO UPDATE
           SET version = excluded.version, merchant_id = excluded.merchant_id, change = excluded.change, changed_at = excluded.changed_at,
               body = excluded.body, place = excluded.place,
               feed_xid     = CASE WHEN {Same} THEN h.feed_xid ELSE excluded.feed_xid END,
               projected_at = CASE WHEN {Same} THEN h.projected_at ELSE excluded.projected_at END
         WHERE h.place IS NULL
        """;

    // Adds the state that was read from the table, unless the history ends with it (for a deleted order:
    // with any deletion). Only for orders that were written.
    private const string RememberLooks =
        """
        INSERT INTO order_history (order_id, revision, version, merchant_id, change, changed_at, body)
        SELECT new.order_id, greatest(new.version, coalesce(last.revision, 0) + 1), new.version, new.merchant_id, new.change, new.changed_at, new.body
          FROM unnest($1, $2, $3, $4, $5, $6::json[]) AS new (order_id, version, merchant_id, change, changed_at, body)
          LEFT JOIN LATERAL (
               SELECT revision, version, change, body FROM order_history AS h
                WHERE h.order_id = new.order_id
                ORDER BY revision DESC LIMIT 1) AS last ON true
         WHERE CASE WHEN new.change = 'deleted' THEN last.change IS DISTINCT FROM 'deleted'
                    ELSE (last.revision IS NULL OR last.change = 'deleted' OR last.version <> new.version OR last.body::text <> new.body::text)
                     AND EXISTS (SELECT FROM orders AS o WHERE o.order_id = new.order_id AND o.version = new.version AND o.updated_at = new.changed_at AND o.place IS NULL) END
        """;

    /// <summary>Adds changes to the history: either all from records, or all read from the table.</summary>
    /// <param name="versions">At least one, in the stream's order.</param>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<OrderChange> versions)
    {
        NpgsqlParameter[] columns =
        [
            ProjectionCommands.Column(versions, change => change.OrderId),
            ProjectionCommands.Column(versions, change => change.Version),
            ProjectionCommands.Column(versions, change => change.Order.MerchantId),
            ProjectionCommands.Column(versions, change => change.Kind.Name()),
            ProjectionCommands.Column(versions, change => change.Order.UpdatedAt),
            new() { Value = versions.Select(change => change.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json },
        ];
        return versions[0].Place is null
            ? ProjectionCommands.Command(RememberLooks, columns)
            : ProjectionCommands.Command(RememberRecords, [.. columns, ProjectionCommands.Places(versions)]);
    }
}
