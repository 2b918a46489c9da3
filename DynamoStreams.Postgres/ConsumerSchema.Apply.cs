using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>Applies the files, for applications without migrations of their own.</summary>
public sealed partial class ConsumerSchema
{
    /// <summary>
    /// Applies the files that are not applied yet, each once, and keeps its own list of them in the schema.
    /// An advisory lock lets instances that start together run one after the other. Not for an application
    /// that applies <see cref="Files"/> itself.
    /// </summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Stops: either all files are applied or none.</param>
    /// <returns>The names of the files applied now.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            SELECT pg_advisory_xact_lock({OwnLockClass()});
            CREATE SCHEMA IF NOT EXISTS {Identifier};
            CREATE TABLE IF NOT EXISTS {Identifier}.consumer_files (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
            """,
            cancellationToken);
        var applied = await ReadAppliedAsync(connection, cancellationToken);
        (string Name, string Sql)[] missing = [.. Files.Where(file => !applied.Contains(file.Name))];
        foreach (var (name, sql) in missing)
        {
            await ExecuteAsync(connection, sql, cancellationToken);
            await using var note = new NpgsqlCommand($"INSERT INTO {Identifier}.consumer_files (name) VALUES ($1)", connection) { Parameters = { new() { Value = name } } };
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. missing.Select(file => file.Name)];
    }

    private async Task<HashSet<string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT name FROM {Identifier}.consumer_files", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
