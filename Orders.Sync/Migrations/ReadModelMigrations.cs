using System.Security.Cryptography;
using System.Text;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults;

namespace Orders.Sync.Migrations;

/// <summary>
/// Applies the ordered SQL files, first the consumer's and then this folder's, each once and in a transaction of its own. An advisory lock makes
/// instances that start together take turns.
/// </summary>
public static class ReadModelMigrations
{
    // Any number will do, as long as nothing else in this database locks it: "orders" in ASCII.
    internal const long LockKey = 0x6f7264657273;

    // An index on a large table takes as long as it takes, and so does another instance that makes one: its lock is waited for.
    private const int NoTimeLimit = 0;

    /// <summary>Applies what is not applied yet.</summary>
    /// <param name="database">The read model's database.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="SettingsException">A file that was applied has changed since, or the database is of a newer version.</exception>
    public static async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await ExecuteAsync(
                connection,
                """
                CREATE SCHEMA IF NOT EXISTS sync;
                CREATE TABLE IF NOT EXISTS sync.migrations (
                    name       text        PRIMARY KEY,
                    checksum   text        NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now());
                """,
                cancellationToken);
            return await ApplyMissingAsync(connection, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<string>> ApplyMissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        var files = ConsumerSchema.Files.Concat(Files()).ToArray();
        if (applied.Keys.Except(files.Select(file => file.Name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new SettingsException(
                "ConnectionStrings__orders",
                $"The database is of a newer version: this one does not know the migration {unknown}.",
                "Start the newer version, restore the read model from before it, or make the read model again in an empty database.");
        }

        var now = new List<string>();
        foreach (var (name, sql) in files)
        {
            var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            if (applied.TryGetValue(name, out var before))
            {
                if (before != checksum)
                {
                    throw new SettingsException(
                        "ConnectionStrings__orders", $"The migration {name} was applied to this database in another form.", "Undo the change to the file and add a new one, or use a new database.");
                }

                continue;
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, sql, cancellationToken);
            await using var note = new NpgsqlCommand("INSERT INTO sync.migrations (name, checksum) VALUES ($1, $2)", connection)
            {
                CommandTimeout = NoTimeLimit,
                Parameters = { new() { Value = name }, new() { Value = checksum } },
            };
            await note.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            now.Add(name);
        }

        return now;
    }

    private static async Task<Dictionary<string, string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, checksum FROM sync.migrations", connection) { CommandTimeout = NoTimeLimit };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeLimit };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static IEnumerable<(string Name, string Sql)> Files() => EmbeddedSql.Read(typeof(ReadModelMigrations).Assembly);
}
