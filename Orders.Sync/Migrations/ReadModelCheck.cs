using Npgsql;
using Orders.ServiceDefaults;

namespace Orders.Sync.Migrations;

/// <summary>Brings the database to this version's tables before anything is read into them.</summary>
internal sealed partial class ReadModelCheck(NpgsqlDataSource database, TimeProvider time, ILogger<ReadModelCheck> logger) : IStartCheck
{
    /// <summary>How long a database that is away is waited for: containers and clusters start in any order.</summary>
    private static readonly TimeSpan WaitForDatabase = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                foreach (var name in await ReadModelMigrations.ApplyAsync(database, cancellationToken))
                {
                    LogApplied(name);
                }

                return;
            }
            catch (PostgresException refused) when (!refused.IsTransient)
            {
                throw new SettingsException("ConnectionStrings__orders", $"The database refuses ({refused.MessageText}).", "Correct the settings, or the rights of the user.", refused);
            }
            catch (NpgsqlException away)
            {
                if (time.GetElapsedTime(started) > WaitForDatabase)
                {
                    throw new SettingsException("ConnectionStrings__orders", $"Postgres does not answer ({away.Message}).", "Correct the address, or start it.", away);
                }

                LogWaiting(away.Message);
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Migration}")]
    private partial void LogApplied(string migration);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for Postgres: {Reason}")]
    private partial void LogWaiting(string reason);
}
