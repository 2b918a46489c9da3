using Npgsql;

namespace Orders.Warehouse.Ledger;

/// <summary>The statements of the quarantine.</summary>
internal static class QuarantineCommands
{
    /// <summary>Selects path and lines of the quarantine's live files, the oldest first.</summary>
    /// <param name="log">The quarantine.</param>
    public static NpgsqlBatchCommand Find(string log) => new("SELECT path, rows FROM warehouse.files WHERE log = $1 AND state = 'live' ORDER BY live_at, path")
    {
        Parameters = { new() { Value = log } },
    };

    /// <summary>
    /// Takes a file out of the quarantine. No row is changed when another run has done so: the transaction
    /// must not commit then.
    /// </summary>
    /// <param name="path">Its path.</param>
    public static NpgsqlBatchCommand Empty(string path) => new("UPDATE warehouse.files SET state = 'superseded', superseded_at = clock_timestamp() WHERE path = $1 AND state = 'live'")
    {
        Parameters = { new() { Value = path } },
    };
}
