using System.Security.Authentication;
using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Tells a Postgres that is set up wrongly from one that is away: waiting does not help against the first.
/// </summary>
public static class PostgresFaults
{
    // Of what the server answers before a session begins, these are not errors of its own to Npgsql.
    private static readonly (string Text, string Fault)[] OfNpgsql =
    [
        ("No password has been provided", "asks for a password, and the connection string has none"),
        ("SSL connection requested", "has no TLS, which the connection string asks for"),
        ("authentication", "asks for another way to sign in"),
    ];

    /// <summary>What is wrong, in words that anybody may read.</summary>
    /// <param name="failure">What a connection or a statement failed with.</param>
    /// <returns>The rest of a sentence about Postgres; null when the setup is not known to be the
    /// cause.</returns>
    public static string? Describe(Exception? failure) => failure switch
    {
        null => null,
        PostgresException refused => Describe(refused.SqlState),
        AuthenticationException => "shows a certificate that is not trusted here",
        NpgsqlException npgsql when Array.Find(OfNpgsql, known => npgsql.Message.Contains(known.Text, StringComparison.OrdinalIgnoreCase)).Fault is { } fault => fault,
        _ => Describe(failure.InnerException),
    };

    /// <summary>The same for the start of a service: by name and with the way out.</summary>
    /// <returns>Null when the setup is not known to be the cause.</returns>
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
