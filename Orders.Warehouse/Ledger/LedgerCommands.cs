using Npgsql;
using NpgsqlTypes;

namespace Orders.Warehouse.Ledger;

/// <summary>
/// The statements of the ledger. A file goes through them in this order, whatever its source: noted, in a
/// transaction that proves the right to write the range; written to the lake; live, in the transaction that
/// moves the source's checkpoint past the range.
/// </summary>
internal static class LedgerCommands
{
    /// <summary>
    /// Notes files. Selects path, log, day, first and last place and rows of each
    /// (<see cref="ReadNotedAsync"/>). A day that is being compacted is waited for.
    /// </summary>
    /// <param name="source">Whose range it is.</param>
    /// <param name="drafts">The files, of one range.</param>
    public static NpgsqlBatchCommand Note(string source, IReadOnlyList<FileDraft> drafts) => new(
        """
        WITH drafts AS (
            SELECT * FROM unnest($2, $3, $4, $5, $6, $7) AS d (log, day, name, first_place, last_place, rows)),
        days AS (
            INSERT INTO warehouse.log_days AS l (log, day)
            SELECT DISTINCT log, day FROM drafts ORDER BY log, day
            ON CONFLICT (log, day) DO UPDATE SET generation = l.generation
            RETURNING log, day, generation)
        INSERT INTO warehouse.files (path, log, day, generation, source, first_place, last_place, rows)
        SELECT format('%s/day=%s/%s-%s', d.log, to_char(d.day, 'YYYY-MM-DD'), l.generation, d.name), d.log, d.day, l.generation, $1, d.first_place, d.last_place, d.rows
          FROM drafts AS d JOIN days AS l USING (log, day)
        RETURNING path, log, day, first_place, last_place, rows
        """)
    {
        Parameters =
        {
            new() { Value = source },
            new() { Value = drafts.Select(draft => draft.Log).ToArray() },
            new() { Value = drafts.Select(draft => draft.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            new() { Value = drafts.Select(draft => draft.Name).ToArray() },
            new() { Value = drafts.Select(draft => draft.First).ToArray() },
            new() { Value = drafts.Select(draft => draft.Last).ToArray() },
            new() { Value = drafts.Select(draft => draft.Rows).ToArray() },
        },
    };

    /// <summary>Selects the files of a source that are noted and not live, as <see cref="Note"/>
    /// does.</summary>
    /// <param name="source">Whose.</param>
    public static NpgsqlBatchCommand FindNoted(string source) => new(
        "SELECT path, log, day, first_place, last_place, rows FROM warehouse.files WHERE source = $1 AND state = 'noted' ORDER BY path")
    {
        Parameters = { new() { Value = source } },
    };

    /// <summary>Makes written files live: the statement that registers them.</summary>
    /// <param name="files">The files.</param>
    public static NpgsqlBatchCommand Register(IReadOnlyCollection<WrittenFile> files) => new(
        """
        UPDATE warehouse.files AS f
           SET state = 'live', live_at = clock_timestamp(), rows = w.rows, bytes = w.bytes, changed_to = w.changed_to
          FROM unnest($1, $2, $3, $4) AS w (path, rows, bytes, changed_to)
         WHERE f.path = w.path AND f.state = 'noted'
        """)
    {
        Parameters =
        {
            new() { Value = files.Select(file => file.Path).ToArray() },
            new() { Value = files.Select(file => file.Rows).ToArray() },
            new() { Value = files.Select(file => file.Bytes).ToArray() },
            new() { Value = files.Select(file => file.ChangedTo?.ToUniversalTime()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
        },
    };

    /// <summary>Forgets files that are noted and will never be written.</summary>
    /// <param name="paths">Their paths.</param>
    public static NpgsqlBatchCommand Forget(IReadOnlyCollection<string> paths) => new("DELETE FROM warehouse.files WHERE path = ANY ($1) AND state = 'noted'")
    {
        Parameters = { new() { Value = paths.ToArray() } },
    };

    /// <summary>Reads what <see cref="Note"/> and <see cref="FindNoted"/> select.</summary>
    /// <param name="reader">Before the first row.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<List<NotedFile>> ReadNotedAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var files = new List<NotedFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5)));
        }

        return files;
    }
}
