using Npgsql;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Ledger;

/// <summary>The statements of the stored states of the orders. Whoever makes one has the turn to.</summary>
internal static class StateCommands
{
    /// <summary>Selects number, files, rows and covers of the live state; no row before the first
    /// one.</summary>
    public static NpgsqlBatchCommand FindLive() => new("SELECT number, files, rows, covers FROM warehouse.order_states WHERE state = 'live' ORDER BY number DESC LIMIT 1");

    /// <summary>Selects those that were noted and did not become live: their maker is gone.</summary>
    public static NpgsqlBatchCommand FindNoted() => new("SELECT number, files, rows, covers FROM warehouse.order_states WHERE state = 'noted' ORDER BY number");

    /// <summary>Selects path, rows and whether it is covered of each live file of the orders' log, the
    /// oldest first.</summary>
    public static NpgsqlBatchCommand FindFiles() => new("SELECT path, rows, is_covered FROM warehouse.files WHERE log = $1 AND state = 'live' ORDER BY live_at, path")
    {
        Parameters = { new() { Value = OrderLog.Name } },
    };

    /// <summary>Notes a state. Selects its number.</summary>
    /// <param name="covers">The paths of the log's files whose changes will be in it.</param>
    public static NpgsqlBatchCommand Note(IReadOnlyCollection<string> covers) => new("INSERT INTO warehouse.order_states (covers) VALUES ($1) RETURNING number")
    {
        Parameters = { new() { Value = covers.ToArray() } },
    };

    /// <summary>Says which files a noted state has.</summary>
    /// <param name="state">The state.</param>
    public static NpgsqlBatchCommand Written(StoredState state) => new("UPDATE warehouse.order_states SET files = $2, rows = $3 WHERE number = $1")
    {
        Parameters = { new() { Value = state.Number }, new() { Value = state.Files.ToArray() }, new() { Value = state.Rows } },
    };

    /// <summary>Makes a state live and those before it superseded.</summary>
    /// <param name="state">The state.</param>
    public static NpgsqlBatchCommand Live(StoredState state) => new(
        """
        WITH old AS (
            UPDATE warehouse.order_states SET state = 'superseded', superseded_at = clock_timestamp() WHERE state = 'live' AND number < $1),
        covered AS (
            UPDATE warehouse.files SET is_covered = true WHERE path = ANY ($2) AND NOT is_covered)
        UPDATE warehouse.order_states SET state = 'live', live_at = clock_timestamp() WHERE number = $1
        """)
    {
        Parameters = { new() { Value = state.Number }, new() { Value = state.Covers.ToArray() } },
    };

    /// <summary>Selects number, files, rows and covers of states that have been superseded for a
    /// time.</summary>
    /// <param name="age">The time.</param>
    public static NpgsqlBatchCommand FindSuperseded(TimeSpan age) => new(
        "SELECT number, files, rows, covers FROM warehouse.order_states WHERE state = 'superseded' AND superseded_at <= clock_timestamp() - $1 ORDER BY number")
    {
        Parameters = { new() { Value = age } },
    };

    /// <summary>Removes a state whose files are deleted.</summary>
    /// <param name="number">Its number.</param>
    public static NpgsqlBatchCommand Remove(long number) => new("DELETE FROM warehouse.order_states WHERE number = $1 AND state <> 'live'")
    {
        Parameters = { new() { Value = number } },
    };

    /// <summary>Discards the live state: no file is in one, and the next is made of all.</summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Discard() =>
    [
        new("UPDATE warehouse.order_states SET state = 'superseded', superseded_at = clock_timestamp() WHERE state = 'live'"),
        new("UPDATE warehouse.files SET is_covered = false WHERE log = $1 AND is_covered") { Parameters = { new() { Value = OrderLog.Name } } },
    ];

    /// <summary>Reads what <see cref="FindFiles"/> selects.</summary>
    /// <param name="reader">Before the first row.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<List<LoggedFile>> ReadFilesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var files = new List<LoggedFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2)));
        }

        return files;
    }

    /// <summary>Reads what the statements select that find states.</summary>
    /// <param name="reader">Before the first row.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<List<StoredState>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var states = new List<StoredState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(new(reader.GetInt64(0), reader.GetFieldValue<string[]>(1), reader.GetInt64(2), reader.GetFieldValue<string[]>(3)));
        }

        return states;
    }
}
