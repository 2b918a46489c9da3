using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// How a service authenticates to Postgres, <c>Orders:PostgresSignIn</c>: <c>password</c>, from the
/// connection string, or <c>iam</c>, a token for each connection made from the service's AWS credentials, so
/// that no setting can become stale.
/// </summary>
internal static class PostgresSignIn
{
    private const string Setting = "Orders__PostgresSignIn";
    private const string ConnectionSetting = "ConnectionStrings__orders";

    /// <summary>Configures <paramref name="builder"/> by the settings.</summary>
    /// <exception cref="SettingsException">The setting is neither, or does not fit the others.</exception>
    public static void Apply(IConfiguration configuration, NpgsqlDataSourceBuilder builder, TimeProvider time)
    {
        if (Tokens(configuration, builder.ConnectionStringBuilder, time) is { } tokens)
        {
            builder.UsePasswordProvider(tokens.Make, async (target, cancellationToken) => await tokens.MakeAsync(target, cancellationToken));
        }
    }

    /// <summary>What makes the passwords; null when the connection string has it.</summary>
    /// <exception cref="SettingsException">The setting is neither, or does not fit the others.</exception>
    public static PostgresTokens? Tokens(IConfiguration configuration, NpgsqlConnectionStringBuilder connection, TimeProvider time) => configuration["Orders:PostgresSignIn"]?.Trim() switch
    {
        null or "" or "password" => null,
        "iam" => Iam(configuration, connection, time),
        var other => throw new SettingsException(Setting, $"'{other}' is no way to sign in.", "Set it to password or iam, or leave it out for password."),
    };

    private static PostgresTokens Iam(IConfiguration configuration, NpgsqlConnectionStringBuilder connection, TimeProvider time)
    {
        if (connection.Password is not null)
        {
            throw new SettingsException(ConnectionSetting, $"It has a password, and {Setting} is iam.", "Take the password out of it.");
        }

        if (string.IsNullOrWhiteSpace(connection.Username))
        {
            throw new SettingsException(ConnectionSetting, "It names no Username, for which a token could be made.", "Add it.");
        }
        // The token would be sent in clear text; RDS rejects that too, with a less clear message.
        if (connection.SslMode is not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull))
        {
            throw new SettingsException(ConnectionSetting, $"It allows a connection without TLS, and {Setting} is iam.", "Add SSL Mode=VerifyFull.");
        }

        var region = configuration["AWS_REGION"] ?? configuration["AWS_DEFAULT_REGION"];
        if (string.IsNullOrWhiteSpace(region))
        {
            throw new SettingsException("AWS_REGION", $"It is not set, and {Setting} is iam.", "Set the region of the database.");
        }

        return new(region.Trim(), AwsSettings.ReadCredentials(configuration, endpoint: null), time);
    }
}
