using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Migrations;

/// <summary>
/// Applies ordered SQL files, each once and in a transaction of its own, and keeps the list of them in
/// <c>migrations</c> of a schema. An advisory lock lets instances that start together run one after the
/// other.
/// </summary>
/// <param name="schema">The schema of the list; it is made if it is not there.</param>
/// <param name="lockKey">The key of the advisory lock: any number that nothing else in the database
/// locks.</param>
/// <param name="files">Name and text of each file, in the order to apply them. A file is known by its name;
/// one that was applied must not change.</param>
public sealed class SqlMigrations(string schema, long lockKey, IReadOnlyList<(string Name, string Sql)> files)
{
    private readonly string _holderSql =
        $"""
        SELECT format('session %s of %s', a.pid, coalesce(nullif(a.application_name, ''), 'a program without a name'))
          FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
         WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (l.classid::bigint << 32 | l.objid::bigint) = {lockKey} AND l.objsubid = 1
        """;

    // No time limit: an index on a large table takes long, and so does waiting for another instance that
    // creates one.
    private const int NoTimeLimit = 0;

    /// <summary>
    /// What brings a database of older files to the state after all of these: it is given the names in the
    /// list, and returns the SQL, or null when there is nothing to take over.
    /// </summary>
    public Func<IReadOnlyCollection<string>, string?> TakeOver { get; init; } = _ => null;

    /// <summary>Applies the files that are not applied yet.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <param name="onWait">Called with the holder of the lock when another instance is migrating.</param>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="SettingsException">A file that was applied has changed since, or the database is of
    /// a newer version.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken, Action<string>? onWait = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = new List<string>();
        while (await ApplyNextAsync(connection, onWait, cancellationToken) is { } name)
        {
            now.Add(name);
        }

        return now;
    }

    // One transaction from the lock to the commit: with a connection pooler the next one may be in another
    // session.
    private async Task<string?> ApplyNextAsync(NpgsqlConnection connection, Action<string>? onWait, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, onWait, cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE TABLE IF NOT EXISTS {schema}.migrations (
                name       text        PRIMARY KEY,
                checksum   text        NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now());
            """,
            cancellationToken);
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        if (TakeOver(applied.Keys) is { } takeover)
        {
            await TakeOverAsync(connection, takeover, cancellationToken);
            applied = await ReadAppliedAsync(connection, cancellationToken);
        }

        var next = Next(applied);
        if (next is { Name: var name, Sql: var sql })
        {
            await ExecuteAsync(connection, sql, cancellationToken);
            await NoteAsync(connection, name, sql, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return next?.Name;
    }

    private async Task LockAsync(NpgsqlConnection connection, Action<string>? onWait, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, $"SELECT pg_try_advisory_xact_lock({lockKey})", cancellationToken) is true)
        {
            return;
        }

        // The holder may end before it is read.
        onWait?.Invoke(await ScalarAsync(connection, _holderSql, cancellationToken) as string ?? "another session");
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({lockKey})", cancellationToken);
    }

    private async Task TakeOverAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, sql, cancellationToken);
        await ExecuteAsync(connection, $"DELETE FROM {schema}.migrations", cancellationToken);
        foreach (var (name, text) in files)
        {
            await NoteAsync(connection, name, text, cancellationToken);
        }
    }

    private async Task NoteAsync(NpgsqlConnection connection, string name, string sql, CancellationToken cancellationToken)
    {
        await using var note = new NpgsqlCommand($"INSERT INTO {schema}.migrations (name, checksum) VALUES ($1, $2)", connection)
        {
            CommandTimeout = NoTimeLimit,
            Parameters = { new() { Value = name }, new() { Value = Checksum(sql) } },
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
    }

    private (string Name, string Sql)? Next(Dictionary<string, string> applied)
    {
        if (applied.Keys.Except(files.Select(file => file.Name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new SettingsException(
                "ConnectionStrings__orders",
                $"The database is of a newer version: this one does not know the migration {unknown}.",
                "Start the newer version, restore the read model from before it, or make the read model again in an empty database.");
        }

        if (files.FirstOrDefault(file => applied.TryGetValue(file.Name, out var before) && before != Checksum(file.Sql)) is { Name: not null } changed)
        {
            throw new SettingsException(
                "ConnectionStrings__orders", $"The migration {changed.Name} was applied to this database in another form.", "Undo the change to the file and add a new one, or use a new database.");
        }

        return files.Where(file => !applied.ContainsKey(file.Name)).Select(file => ((string, string)?)file).FirstOrDefault();
    }

    private static string Checksum(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

    private async Task<Dictionary<string, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT name, checksum FROM {schema}.migrations", connection) { CommandTimeout = NoTimeLimit };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeLimit };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeLimit };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
