using Npgsql;
using NpgsqlTypes;

namespace Orders.Warehouse.Ledger;

/// <summary>The statements that replace the files of a day by others with the same rows.</summary>
internal static class ReplacementCommands
{
    /// <summary>Takes a day for itself until the transaction ends; whoever notes files of it waits, and is
    /// waited for.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    public static NpgsqlBatchCommand Lock(string log, DateOnly day) => new("SELECT FROM warehouse.log_days WHERE log = $1 AND day = $2 FOR UPDATE")
    {
        Parameters = { new() { Value = log }, new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date } },
    };

    /// <summary>
    /// Raises the generation of a day, unless files of it are on their way, or whole ones that replace
    /// others wait for their marker: from then on new files have the new one, and all older ones are live.
    /// Selects the new generation; no row when files are on their way. It comes after <see cref="Lock"/>, as
    /// a statement of its own: one that waits for a lock does not see what was committed meanwhile.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    public static NpgsqlBatchCommand Seal(string log, DateOnly day) => new(
        """
        UPDATE warehouse.log_days AS l
           SET generation = l.generation + 1
         WHERE l.log = $1 AND l.day = $2
           AND NOT EXISTS (SELECT FROM warehouse.files AS f WHERE f.log = l.log AND f.day = l.day AND f.state = 'noted' AND (NOT f.replaces OR f.written_at IS NOT NULL))
        RETURNING l.generation
        """)
    {
        Parameters = { new() { Value = log }, new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date } },
    };

    /// <summary>Selects path and rows of a day's live files that are older than a generation.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    /// <param name="generation">That of the files that replace them.</param>
    public static NpgsqlBatchCommand FindReplaced(string log, DateOnly day, int generation) => new(
        "SELECT path, rows FROM warehouse.files WHERE log = $1 AND day = $2 AND generation < $3 AND state = 'live' ORDER BY generation, replaces DESC, live_at, path")
    {
        Parameters = { new() { Value = log }, new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date }, new() { Value = generation } },
    };

    /// <summary>Notes the files that will replace a day's older ones.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    /// <param name="generation">Theirs.</param>
    /// <param name="paths">Their paths.</param>
    public static NpgsqlBatchCommand Note(string log, DateOnly day, int generation, IReadOnlyList<string> paths) => new(
        """
        INSERT INTO warehouse.files (path, log, day, generation, replaces, source, first_place, last_place, rows)
        SELECT path, $1, $2, $3, true, format('compact/%s/%s/%s', $1, $2, $3), '', '', 0 FROM unnest($4) AS p (path)
        """)
    {
        Parameters = { new() { Value = log }, new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date }, new() { Value = generation }, new() { Value = paths.ToArray() } },
    };

    /// <summary>Says that all of the files that replace are whole in the lake.</summary>
    /// <param name="files">The files.</param>
    public static NpgsqlBatchCommand Written(IReadOnlyCollection<WrittenFile> files) => new(
        """
        UPDATE warehouse.files AS f
           SET written_at = clock_timestamp(), rows = w.rows, bytes = w.bytes
          FROM unnest($1, $2, $3) AS w (path, rows, bytes)
         WHERE f.path = w.path AND f.state = 'noted'
        """)
    {
        Parameters =
        {
            new() { Value = files.Select(file => file.Path).ToArray() },
            new() { Value = files.Select(file => file.Rows).ToArray() },
            new() { Value = files.Select(file => file.Bytes).ToArray() },
        },
    };

    /// <summary>
    /// Selects log, day and generation of replacements that are whole for at least a time, the oldest
    /// generation of a day first.
    /// </summary>
    /// <param name="age">The time.</param>
    public static NpgsqlBatchCommand FindWhole(TimeSpan age) => new(
        """
        SELECT log, day, generation
          FROM warehouse.files
         WHERE state = 'noted' AND replaces
         GROUP BY log, day, generation
        HAVING bool_and(written_at <= clock_timestamp() - $1)
         ORDER BY log, day, generation
        """)
    {
        Parameters = { new() { Value = age } },
    };

    /// <summary>Makes a replacement live, and what it replaces superseded.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    /// <param name="generation">That of the files that replace.</param>
    public static NpgsqlBatchCommand Replace(string log, DateOnly day, int generation) => new(
        """
        WITH old AS (
            UPDATE warehouse.files
               SET state = 'superseded', superseded_at = clock_timestamp()
             WHERE log = $1 AND day = $2 AND generation < $3 AND state = 'live'
            RETURNING changed_to, is_covered)
        UPDATE warehouse.files
           SET state = 'live', live_at = clock_timestamp(), changed_to = (SELECT max(changed_to) FROM old),
               is_covered = coalesce((SELECT bool_and(is_covered) FROM old), false)
         WHERE log = $1 AND day = $2 AND generation = $3 AND replaces AND state = 'noted'
        """)
    {
        Parameters = { new() { Value = log }, new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date }, new() { Value = generation } },
    };

    /// <summary>
    /// Selects the paths of replacements that were never whole, and are too old to become so.
    /// </summary>
    /// <param name="age">How old.</param>
    public static NpgsqlBatchCommand FindAbandoned(TimeSpan age) => new(
        "SELECT path FROM warehouse.files WHERE state = 'noted' AND replaces AND written_at IS NULL AND noted_at < clock_timestamp() - $1")
    {
        Parameters = { new() { Value = age } },
    };

    /// <summary>Selects the paths of files that have been superseded for a time.</summary>
    /// <param name="age">The time.</param>
    public static NpgsqlBatchCommand FindSuperseded(TimeSpan age) => new("SELECT path FROM warehouse.files WHERE state = 'superseded' AND superseded_at <= clock_timestamp() - $1")
    {
        Parameters = { new() { Value = age } },
    };

    /// <summary>Removes files from the ledger whose objects are deleted.</summary>
    /// <param name="paths">Their paths.</param>
    public static NpgsqlBatchCommand Remove(IReadOnlyCollection<string> paths) => new("DELETE FROM warehouse.files WHERE path = ANY ($1) AND state <> 'live'")
    {
        Parameters = { new() { Value = paths.ToArray() } },
    };

    /// <summary>
    /// Selects the days before one that have small files to be put together: log, day, files, rows, bytes.
    /// </summary>
    /// <param name="before">Days before this one.</param>
    /// <param name="quiet">No file of the day has become live for this long.</param>
    /// <param name="leastFiles">At least so many files.</param>
    public static NpgsqlBatchCommand FindDays(DateOnly before, TimeSpan quiet, int leastFiles) => new(
        """
        SELECT log, day, count(*), sum(rows)::bigint, coalesce(sum(bytes), 0)::bigint
          FROM warehouse.files
         WHERE state = 'live' AND day < $1 AND log NOT LIKE 'quarantine/%'
         GROUP BY log, day
        HAVING count(*) >= CASE WHEN bool_or(replaces) THEN $3 ELSE 2 END AND max(live_at) <= clock_timestamp() - $2
         ORDER BY day, log
        """)
    {
        Parameters = { new() { Value = before, NpgsqlDbType = NpgsqlDbType.Date }, new() { Value = quiet }, new() { Value = (long)leastFiles } },
    };
}
