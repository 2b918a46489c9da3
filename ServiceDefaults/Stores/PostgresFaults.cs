using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Separates a wrong set-up of Postgres from an outage: waiting does not fix the first.</summary>
public static class PostgresFaults
{
    // Errors before a session begins that Npgsql does not report as errors of the server.
    private static readonly (string Text, string Fault)[] OfNpgsql =
    [
        ("No password has been provided", "asks for a password, and the connection string has none"),
        ("SSL connection requested", "has no TLS, which the connection string asks for"),
        ("authentication", "asks for another way to sign in"),
    ];

    /// <summary>Describes the fault without secrets.</summary>
    /// <param name="failure">The failure of a connection or a statement.</param>
    /// <returns>The rest of a sentence about Postgres; null when the set-up is not the known
    /// cause.</returns>
    public static string? Describe(Exception? failure) => failure switch
    {
        null => null,
        PostgresException refused => Describe(refused.SqlState),
        AuthenticationException => "shows a certificate that is not trusted here",
        NpgsqlException npgsql when Array.Find(OfNpgsql, known => npgsql.Message.Contains(known.Text, StringComparison.OrdinalIgnoreCase)).Fault is { } fault => fault,
        _ => Describe(failure.InnerException),
    };

    /// <summary>
    /// Whether Postgres answered that the database, or what the services keep in it, does not exist (any
    /// more): it was dropped, or replaced by another one.
    /// </summary>
    public static bool IsReplaced(Exception? failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.UndefinedColumn,
    };

    /// <summary>
    /// Whether there was no answer, or none that Postgres would give. An error that it answered is one, too,
    /// if it passes by itself.
    /// </summary>
    /// <param name="failure">The failure of a connection or a statement.</param>
    public static bool IsNoAnswer(Exception? failure) =>
        failure is NpgsqlException or TimeoutException or IOException or SocketException || PostgresNonsense.IsOne(failure);

    /// <summary>The same for the start of a service, with the setting and the remedy.</summary>
    /// <returns>Null when the set-up is not the known cause.</returns>
    public static SettingsException? Explain(Exception failure)
    {
        if (Describe(failure) is not { } fault)
        {
            return null;
        }

        var said = failure.GetBaseException() is PostgresException refused ? refused.MessageText : failure.GetBaseException().Message;
        return new(
            "ConnectionStrings__orders", $"The database refuses ({said.TrimEnd('.')}): it {fault}.", "Correct the settings, or the rights of the user.", failure);
    }

    private static string? Describe(string state) => state switch
    {
        PostgresErrorCodes.InvalidPassword => "refuses the password",
        PostgresErrorCodes.InvalidAuthorizationSpecification => "refuses the sign-in of this user from here",
        PostgresErrorCodes.InvalidCatalogName => "has no database of this name",
        PostgresErrorCodes.InsufficientPrivilege => "denies this user a right that is needed",
        PostgresErrorCodes.ProtocolViolation => "is behind a pooler that does not take this connection",
        _ => null,
    };
}
