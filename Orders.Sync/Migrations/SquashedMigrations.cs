using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Migrations;

/// <summary>
/// The migrations were squashed once, before the first release. A database with all of the old ones is
/// upgraded in place. This file and its SQL will be removed with version 1.0.
/// </summary>
internal static class SquashedMigrations
{
    private static readonly string[] Last = ["DynamoStreams.Postgres.0014_as_of.sql", "Orders.Sync.Migrations.0029_passed_over.sql"];
    private const string LastSquashed = "orders/06_snapshots.sql";
    private static readonly string[] Prefixes = ["DynamoStreams.Postgres.", "Orders.Sync.Migrations."];

    /// <summary>
    /// What a database with all old migrations lacks: compared with the squashed files, and the later files.
    /// </summary>
    public static string Sql { get; } = string.Join('\n', [EmbeddedSql.Read(typeof(SquashedMigrations).Assembly, "takeover").Single().Sql, .. Later()]);

    // They can be applied twice.
    private static IEnumerable<string> Later() =>
        EmbeddedSql.Read(typeof(SquashedMigrations).Assembly, "orders").Where(file => string.CompareOrdinal(file.Name, LastSquashed) > 0).Select(file => file.Sql);

    /// <summary>Whether a database was made by them.</summary>
    /// <param name="applied">The names in <c>sync.migrations</c>.</param>
    /// <exception cref="SettingsException">It was made by some of them only.</exception>
    public static bool AreIn(IReadOnlyCollection<string> applied)
    {
        if (!applied.Any(name => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))))
        {
            return false;
        }

        return Last.Except(applied).FirstOrDefault() is { } missing
            ? throw new SettingsException(
                "ConnectionStrings__orders",
                $"The database is of an older version, which this one does not take over: it lacks the migration {missing}.",
                "Make the read model again in an empty database: Orders.Sync fills it from the table.")
            : true;
    }
}
