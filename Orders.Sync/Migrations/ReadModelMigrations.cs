using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Migrations;

/// <summary>The SQL files of the read model: first the consumer's, then this folder's.</summary>
public static class ReadModelMigrations
{
    // "orders" in ASCII.
    internal const long LockKey = 0x6f7264657273;

    internal static SqlMigrations All { get; } =
        new("sync", LockKey, [.. ConsumerSchema.Default.Files, .. EmbeddedSql.Read(typeof(ReadModelMigrations).Assembly, "orders")])
        {
            TakeOver = applied => SquashedMigrations.AreIn(applied) ? SquashedMigrations.Sql : null,
        };

    /// <summary>Applies the files that are not applied yet.</summary>
    /// <param name="database">The read model's database.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <param name="onWait">Called with the holder of the lock when another instance is migrating.</param>
    /// <returns>The names of the files applied now.</returns>
    /// <exception cref="SettingsException">A file that was applied has changed since, or the database is of
    /// a newer version.</exception>
    public static Task<IReadOnlyList<string>> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken, Action<string>? onWait = null) =>
        All.ApplyAsync(database, cancellationToken, onWait);
}
