using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>The requirements on a database, checked before it is used.</summary>
public static class PostgresRequirements
{
    /// <summary>The oldest version that this is tested with.</summary>
    public const int OldestVersion = 17;

    private const string Setting = "ConnectionStrings__orders";
    private const string Utf8 = "UTF8";
    private const string ReadCommitted = "read committed";
    private const int MinorVersions = 10_000;

    /// <summary>Checks a database.</summary>
    /// <param name="connection">A session in it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The fault and its remedy; null for none.</returns>
    public static async Task<SettingsException?> FindFaultAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), current_database(),
                   current_setting('default_transaction_isolation')
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return FindFault(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3));
    }

    internal static SettingsException? FindFault(int version, string encoding, string database, string isolation)
    {
        if (version / MinorVersions < OldestVersion)
        {
            return new(Setting, $"Postgres is of version {version / MinorVersions}, and {OldestVersion} is the oldest that does.", $"Name a server of Postgres {OldestVersion} or later.");
        }

        if (encoding != Utf8)
        {
            return new(
                Setting,
                $"The database {database} is encoded in {encoding}, which cannot hold every letter of an order.",
                $"Make one in {Utf8} and name it: CREATE DATABASE … ENCODING '{Utf8}' TEMPLATE template0. Orders.Sync fills it from the table.");
        }

        // All statements are correct at read committed. A stricter level fails some of them, with errors
        // that look like poison records.
        return isolation == ReadCommitted
            ? null
            : new(
                Setting,
                $"Transactions of the database {database} are {isolation} by default, and {ReadCommitted} is what every statement is written for.",
                $"Set it back, for the database or the user, whichever has it: ALTER DATABASE {database} RESET default_transaction_isolation; ALTER ROLE … RESET default_transaction_isolation.");
    }
}
