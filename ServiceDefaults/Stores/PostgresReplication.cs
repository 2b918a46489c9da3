using Microsoft.Extensions.Configuration;
using Npgsql;
using Npgsql.Replication;
using Orders.ServiceDefaults.Hosting;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Opens connections for logical replication. They are not of the pool, so they sign in
/// here.</summary>
public sealed class PostgresReplication
{
    // ConnectionStrings__orders_direct: the server itself, where ConnectionStrings__orders leads to a pooler
    // or a proxy, through which nobody replicates.
    private const string Direct = "orders_direct";

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly PostgresTokens? _tokens;

    internal PostgresReplication(IConfiguration configuration, ServiceIdentity service, TimeProvider time)
    {
        _connection = new(PostgresSetup.ReadConnectionString(configuration.GetConnectionString(Direct) ?? configuration.GetConnectionString("orders"), service.Name)) { Pooling = false };
        _tokens = PostgresSignIn.Tokens(configuration, _connection, time);
    }

    /// <summary>Opens one.</summary>
    /// <param name="options">Settings of its session, as the server's command line has them: <c>-c
    /// TimeZone=UTC</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NpgsqlException">The server refuses, or cannot be reached.</exception>
    public async Task<LogicalReplicationConnection> OpenAsync(string options, CancellationToken cancellationToken)
    {
        var target = new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Options = $"{_connection.Options} {options}".Trim() };
        if (_tokens is not null)
        {
            target.Password = await _tokens.MakeAsync(target, cancellationToken);
        }

        var connection = new LogicalReplicationConnection(target.ConnectionString);
        try
        {
            await connection.Open(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
