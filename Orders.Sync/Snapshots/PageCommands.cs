using System.Text;
using DynamoStreams.Snapshots;
using Npgsql;
using NpgsqlTypes;

namespace Orders.Sync.Snapshots;

/// <summary>
/// The statements that store the results of a snapshot's page: the position of its segment, the orders it
/// read, the invalid items.
/// </summary>
internal static class PageCommands
{
    public static IEnumerable<NpgsqlBatchCommand> For(long snapshotId, ScanPage page, IReadOnlyCollection<Guid> seen, int written, IReadOnlyList<(string Key, string Error)> faults)
    {
        yield return Advance(snapshotId, page, seen.Count, written, faults.Count);
        if (seen.Count > 0)
        {
            yield return InsertSeen(snapshotId, seen);
        }

        if (faults.Count > 0)
        {
            yield return Report(snapshotId, faults);
        }
    }

    private static NpgsqlBatchCommand Advance(long snapshotId, ScanPage page, int orders, int written, int broken) => new(
        """
        UPDATE sync.snapshot_segments
           SET next_key    = $3,
               finished_at = CASE WHEN $3 IS NULL THEN clock_timestamp() END,
               items       = items + $4,
               orders      = orders + $5,
               written     = written + $6,
               broken      = broken + $7
         WHERE snapshot_id = $1 AND segment = $2
        """)
    {
        Parameters =
        {
            new() { Value = snapshotId },
            new() { Value = page.Position.Segment },
            new() { Value = (object?)page.NextKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (long)page.Items.Count },
            new() { Value = (long)orders },
            new() { Value = (long)written },
            new() { Value = (long)broken },
        },
    };

    private static NpgsqlBatchCommand InsertSeen(long snapshotId, IReadOnlyCollection<Guid> seen) => new(
        "INSERT INTO sync.snapshot_seen (snapshot_id, order_id) SELECT $1, unnest($2) ON CONFLICT DO NOTHING")
    {
        Parameters = { new() { Value = snapshotId }, new() { Value = seen.ToArray() } },
    };

    private static NpgsqlBatchCommand Report(long snapshotId, IReadOnlyList<(string Key, string Error)> faults) => new(
        "INSERT INTO sync.snapshot_faults (snapshot_id, item_key, error) SELECT $1, * FROM unnest($2, $3) ON CONFLICT DO NOTHING")
    {
        Parameters =
        {
            new() { Value = snapshotId },
            new() { Value = faults.Select(fault => Text(fault.Key)).ToArray() },
            new() { Value = faults.Select(fault => Text(fault.Error)).ToArray() },
        },
    };

    // Postgres rejects NUL in text.
    private static string Text(string text) => new StringBuilder(text).Replace('\0', '\uFFFD').ToString();
}
