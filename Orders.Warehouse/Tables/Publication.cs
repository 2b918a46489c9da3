using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>The publication: which tables the stream has.</summary>
/// <param name="database">The database.</param>
/// <param name="names">Its name.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Publication(NpgsqlDataSource database, SlotNames names, ILogger<Publication> logger)
{
    // ALTER TABLE waits for every transaction that uses the table, and everybody else then waits for it.
    private const string LockTimeout = "2s";

    private string Name => SqlName.Quote(names.Publication);

    /// <summary>Makes it unless there is one, and sees that it has every kind of change.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its oid.</returns>
    /// <exception cref="TablesException">The user may not.</exception>
    public async Task<uint> EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(
                $"""
                DO $do$
                DECLARE
                    options text := 'publish = ''insert, update, delete, truncate'', publish_via_partition_root = true'
                        || CASE WHEN current_setting('server_version_num')::int >= 180000 THEN ', publish_generated_columns = stored' ELSE '' END;
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = '{names.Publication}') THEN
                        EXECUTE 'CREATE PUBLICATION {Name} WITH (' || options || ')';
                    ELSIF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = '{names.Publication}' AND pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot) THEN
                        EXECUTE 'ALTER PUBLICATION {Name} SET (' || options || ')';
                    END IF;
                END $do$
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new TablesException(
                $"The database user may not make the publication {names.Publication} ({refused.MessageText}): GRANT CREATE ON DATABASE … to it, or make it yourself with this user as its owner: CREATE PUBLICATION {Name} WITH (publish_via_partition_root = true).",
                refused);
        }

        await using var find = database.CreateCommand("SELECT oid FROM pg_publication WHERE pubname = $1");
        find.Parameters.Add(new() { Value = names.Publication });
        return (uint)(await find.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Adds a table.</summary>
    /// <returns>Why that is not possible; null when it was done.</returns>
    public async Task<string?> AddAsync(TableLook table, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = connection.CreateBatch();
            batch.BatchCommands.Add(new($"SET LOCAL lock_timeout = '{LockTimeout}'"));
            // An entry with a condition or a list of columns is replaced.
            batch.BatchCommands.Add(new(
                $"""
                DO $do$ BEGIN
                    IF EXISTS (SELECT FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid WHERE p.pubname = '{names.Publication}' AND r.prrelid = {table.Relation}) THEN
                        ALTER PUBLICATION {Name} DROP TABLE {table.Name.Quoted};
                    END IF;
                END $do$
                """));
            batch.BatchCommands.Add(new($"ALTER PUBLICATION {Name} ADD TABLE {(table.Kind == 'r' ? "ONLY " : "")}{table.Name.Quoted}"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InvalidParameterValue)
        {
            return $"{table.Name} cannot be added to the publication {names.Publication} ({refused.MessageText}): make this database user its owner, or a member of the owner's role.";
        }
    }

    /// <summary>Takes out every table but some.</summary>
    /// <param name="kept">The tables that stay.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task KeepAsync(IReadOnlyCollection<uint> kept, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand(
            """
            SELECT format('%I.%I', s.nspname, c.relname)
              FROM pg_publication AS p JOIN pg_publication_rel AS r ON r.prpubid = p.oid JOIN pg_class AS c ON c.oid = r.prrelid JOIN pg_namespace AS s ON s.oid = c.relnamespace
             WHERE p.pubname = $1 AND NOT c.oid = ANY ($2::bigint[]::oid[])
            """);
        find.Parameters.Add(new() { Value = names.Publication });
        find.Parameters.Add(new() { Value = kept.Select(relation => (long)relation).ToArray() });
        var gone = new List<string>();
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                gone.Add(reader.GetString(0));
            }
        }

        foreach (var table in gone)
        {
            await using var drop = database.CreateCommand($"ALTER PUBLICATION {Name} DROP TABLE {table}");
            await drop.ExecuteNonQueryAsync(cancellationToken);
            LogRemoved(table);
        }
    }

    /// <summary>Drops it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"DROP PUBLICATION IF EXISTS {Name}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Sees that the log of Postgres has the whole old row of each change, so that a large value that did
    /// not change is known, and what a deleted row was.
    /// </summary>
    /// <returns>False when the user may not, or the table is in use: then such values are taken from the
    /// files.</returns>
    public async Task<bool> LogOldRowsAsync(TableLook table, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(
                $"""
                DO $do$
                DECLARE
                    leaf regclass;
                BEGIN
                    PERFORM set_config('lock_timeout', '{LockTimeout}', true);
                    FOR leaf IN SELECT c.oid::regclass FROM pg_class AS c
                                 WHERE c.relreplident <> 'f' AND (c.oid = {table.Relation} OR c.oid IN (SELECT relid FROM pg_partition_tree({table.Relation}) AS t)) LOOP
                        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', leaf);
                    END LOOP;
                END $do$
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.LockNotAvailable)
        {
            LogPartial(table.Name, refused.MessageText);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Table} is no longer in the publication")]
    private partial void LogRemoved(string table);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Table} keeps its replica identity ({Reason}); values that the stream lacks are read from the lake")]
    private partial void LogPartial(SqlName table, string reason);
}
