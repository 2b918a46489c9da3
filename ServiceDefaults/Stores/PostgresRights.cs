using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Checks that a user has the permissions on the read model's tables that its service needs.
/// </summary>
public static class PostgresRights
{
    // All tables, including those of the schema sync. Tables that do not exist yet are not checked.
    private const string Sql =
        """
        SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname)
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p')
           AND (n.nspname = 'sync'
                OR n.nspname = 'public' AND c.relname IN ('customers', 'products', 'orders', 'order_items', 'order_history', 'hourly_totals'))
           AND NOT (has_schema_privilege(n.oid, 'USAGE')
                    AND (SELECT bool_and(has_table_privilege(c.oid, needed)) FROM unnest($1) AS needed))
        """;

    private static readonly string[] ToRead = ["SELECT"];
    private static readonly string[] ToWrite = ["SELECT", "INSERT", "UPDATE", "DELETE"];

    /// <summary>Checks the existing tables.</summary>
    /// <param name="connection">A session of the user.</param>
    /// <param name="writes">Whether the service writes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The missing permission and the remedy; null for none.</returns>
    public static async Task<SettingsException?> FindFaultAsync(NpgsqlConnection connection, bool writes, CancellationToken cancellationToken)
    {
        var needed = writes ? ToWrite : ToRead;
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = needed } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not string tables
            ? null
            : new(
                "ConnectionStrings__orders",
                $"The database refuses: its user may not {string.Join(", ", needed)} in {tables}.",
                $"GRANT USAGE ON SCHEMA public, sync and {string.Join(", ", needed)} ON ALL TABLES IN SCHEMA public, sync to it, or name the user whom they belong to.");
    }
}
