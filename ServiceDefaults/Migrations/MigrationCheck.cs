using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.ServiceDefaults.Migrations;

/// <summary>Migrates the database to this version before anything is written to it.</summary>
/// <param name="database">The database.</param>
/// <param name="migrations">The files.</param>
/// <param name="logger">Where it reports to.</param>
public sealed partial class MigrationCheck(NpgsqlDataSource database, SqlMigrations migrations, ILogger<MigrationCheck> logger) : IStartCheck
{
    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefuseAsync(PostgresRequirements.FindFaultAsync, cancellationToken);
            foreach (var name in await migrations.ApplyAsync(database, cancellationToken, LogTurn))
            {
                LogApplied(name);
            }

            await RefuseAsync((connection, token) => PostgresRights.FindFaultAsync(connection, writes: true, token), cancellationToken);
        }
        catch (NpgsqlException refused) when (PostgresFaults.Describe(refused) is not null)
        {
            throw PostgresFaults.Explain(refused)!;
        }
        catch (PostgresException refused) when (!refused.IsTransient)
        {
            throw new SettingsException("ConnectionStrings__orders", $"The database refuses ({refused.MessageText}).", "Correct the settings, or the rights of the user.", refused);
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away) && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreAwayException("Postgres", $"Postgres does not answer ({away.Message.TrimEnd('.')}). Start it, or correct ConnectionStrings__orders.", away);
        }
    }

    private async Task RefuseAsync(Func<NpgsqlConnection, CancellationToken, Task<SettingsException?>> find, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await find(connection, cancellationToken) is { } fault)
        {
            throw fault;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the lock of the migrations, which {Holder} has: it goes on when that one is done, or is ended")]
    private partial void LogTurn(string holder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Migration}")]
    private partial void LogApplied(string migration);
}
