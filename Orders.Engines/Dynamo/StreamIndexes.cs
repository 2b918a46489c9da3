using Orders.Engines.Npm;
using SQLitePCL;

namespace Orders.Engines.Dynamo;

/// <summary>
/// Two indexes that dynoxide 1.2.1 lacks. Without them, every write scans the whole stream table for the
/// next sequence number, and every read scans its shard from the start. With 60 000 stream records, that
/// means 100 puts a second instead of thousands.
/// </summary>
internal static class StreamIndexes
{
    private const int BusyMilliseconds = 5000;

    private const string Sql = """
        CREATE INDEX IF NOT EXISTS orders_stream_sequence
            ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
        CREATE INDEX IF NOT EXISTS orders_stream_shard
            ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
        """;

    /// <summary>
    /// Adds the missing indexes. The server may be running; it creates its tables before it listens.
    /// </summary>
    /// <exception cref="EngineException">The file is not one that dynoxide 1.2.1 writes.</exception>
    public static void Add(string databaseFile)
    {
        Batteries_V2.Init();
        var opened = raw.sqlite3_open_v2(databaseFile, out var database, raw.SQLITE_OPEN_READWRITE, null);
        using (database)
        {
            if (opened == raw.SQLITE_OK)
            {
                raw.sqlite3_busy_timeout(database, BusyMilliseconds);
                opened = raw.sqlite3_exec(database, Sql);
            }

            if (opened != raw.SQLITE_OK)
            {
                throw new EngineException(
                    $"The stream indexes cannot be added to '{databaseFile}': {raw.sqlite3_errmsg(database).utf8_to_string()}",
                    $"Use dynoxide {NpmPackage.Dynoxide.Version}: take any other off the PATH.");
            }
        }
    }
}
