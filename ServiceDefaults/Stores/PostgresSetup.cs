using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Postgres, the relational read model.</summary>
public static class PostgresSetup
{
    private const string ReadOnlySql = "SHOW transaction_read_only";
    private const string Setting = "ConnectionStrings__orders";

    private static readonly SearchValues<char> NotInHosts = SearchValues.Create(" \t=/;@\"");

    // Npgsql's defaults are 15 s for a connection and 30 s for a command. Our callers have given up by then.
    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 10;

    /// <summary>
    /// Adds the singleton <see cref="NpgsqlDataSource"/> from <c>ConnectionStrings:orders</c> and its
    /// readiness check. With <c>Orders:PostgresSignIn</c> = <c>iam</c> it signs in with the service's AWS
    /// credentials instead of a password. The start fails with a <see cref="SettingsException"/> when the
    /// setting is missing or malformed, but not when Postgres is unavailable.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="writes">Whether the service writes: then a read-only session is rejected with a
    /// <see cref="ReadOnlySessionException"/>.</param>
    public static WebApplicationBuilder AddPostgres(this WebApplicationBuilder builder, bool writes = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(services => Build(services, writes));
        builder.Services.AddSingleton<PostgresSessions>();
        builder.Services.AddSingleton(services => new PostgresReplication(
            services.GetRequiredService<IConfiguration>(), services.GetRequiredService<ServiceIdentity>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.ReadAtStart<NpgsqlDataSource>();
        builder.Services.AddHealthChecks().AddCheck<PostgresCheck>("postgres", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);
        return builder;
    }

    private static NpgsqlDataSource Build(IServiceProvider services, bool writes)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var source = new NpgsqlDataSourceBuilder(ReadConnectionString(configuration.GetConnectionString("orders"), services.GetRequiredService<ServiceIdentity>().Name))
            .UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        PostgresSignIn.Apply(configuration, source, services.GetRequiredService<TimeProvider>());
        if (writes)
        {
            source.UsePhysicalConnectionInitializer(RefuseReadOnly, RefuseReadOnlyAsync);
        }

        return source.Build();
    }

    // A name, an address, with a port or without, or the folder of a socket: not a URL, nor the rest of a
    // text with spaces.
    private static bool IsHost(string text) =>
        text.Trim() is { Length: > 0 } host && (host[0] is '/' or '@' || !host.AsSpan().ContainsAny(NotInHosts));

    private static void RefuseReadOnly(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(ReadOnlySql, connection);
        if (command.ExecuteScalar() is "on")
        {
            throw new ReadOnlySessionException();
        }
    }

    private static async Task RefuseReadOnlyAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(ReadOnlySql, connection);
        if (await command.ExecuteScalarAsync() is "on")
        {
            throw new ReadOnlySessionException();
        }
    }

    internal static string ReadConnectionString(string? text, string applicationName)
    {
        const string wayOut = "Set it to Host=…;Database=…;Username=…;Password=….";
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new SettingsException(Setting, "It is not set, and the read model is in Postgres.", wayOut);
        }

        if (text.TrimStart().StartsWith("postgres", StringComparison.OrdinalIgnoreCase) && text.Contains("://", StringComparison.Ordinal))
        {
            throw new SettingsException(Setting, "It is a URL, which Npgsql does not read.", "Write its parts as Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(connection.Host))
            {
                throw new SettingsException(Setting, "It names no Host.", wayOut);
            }

            if (!connection.Host.Split(',').All(IsHost))
            {
                throw new SettingsException(Setting, "Its Host is no host's name or address.", "Separate the parts by semicolons: Host=…;Port=…;Database=…;Username=…;Password=….");
            }
            // ContainsKey would be true for every name that Npgsql knows.
            var given = connection.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (!given.Contains("Timeout"))
            {
                connection.Timeout = ConnectSeconds;
            }

            if (!given.Contains("Command Timeout"))
            {
                connection.CommandTimeout = CommandSeconds;
            }
            // No service leaves state in a session, so DISCARD ALL is off. It would cost time. It also makes
            // Npgsql cancel a waiting statement on a thread of the pool, which blocks it: a silent Postgres
            // took the threads that serve Redis. And a pooler in transaction mode takes its response as the
            // end of a transaction: PgBouncer 1.18 then sends the following statements to another session.
            if (!given.Contains("No Reset On Close"))
            {
                connection.NoResetOnClose = true;
            }

            connection.ApplicationName ??= applicationName;
            return connection.ConnectionString;
        }
        catch (ArgumentException malformed)
        {
            // Its message may contain a part of the text, and so of the password.
            throw new SettingsException(Setting, "It is not a Postgres connection string.", wayOut, malformed);
        }
    }
}
