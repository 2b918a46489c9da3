using Npgsql;

namespace Orders.Warehouse.Ledger;

/// <summary>The statements for noted ranges whose shard will never be read again.</summary>
internal static class StrandedCommands
{
    /// <summary>
    /// Selects the files (<see cref="LedgerCommands.ReadNotedAsync"/>) that are noted for a shard which is
    /// finished, or which the ledger no longer has: the service no longer knew it, so nobody can write its
    /// range again.
    /// </summary>
    public static NpgsqlBatchCommand Find() => new(
        """
        SELECT f.path, f.log, f.day, f.first_place, f.last_place, f.rows
          FROM warehouse.files AS f
         WHERE f.state = 'noted' AND f.source LIKE 'stream/%'
           AND NOT EXISTS (SELECT FROM warehouse.shards AS s WHERE f.source = 'stream/' || s.stream_arn || '/' || s.shard_id AND s.finished_at IS NULL)
        """);

    /// <summary>Selects which of the paths the ledger does not have.</summary>
    /// <param name="paths">Paths of objects.</param>
    public static NpgsqlBatchCommand FindUnknown(IReadOnlyCollection<string> paths) => new(
        "SELECT path FROM unnest($1) AS p (path) WHERE NOT EXISTS (SELECT FROM warehouse.files AS f WHERE f.path = p.path)")
    {
        Parameters = { new() { Value = paths.ToArray() } },
    };
}
