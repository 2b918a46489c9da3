using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Store;

/// <summary>
/// Stops the start for a lake that cannot be used. One that does not answer, is full, or is not where its
/// ledger says that it is, is waited for.
/// </summary>
internal sealed class LakeCheck(ILakeStore store, NpgsqlDataSource? database = null) : IStartCheck
{
    private const string Lake = "The lake";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (store.Folder is { } folder && database is not null && await FindMissingAsync(folder, database, cancellationToken) is { } file)
            {
                throw new StoreAwayException(
                    Lake, $"The folder '{folder}' of {LakeException.Setting} does not have '{file}', which was written there. Mount its disk, or let the setting name the lake of this database.");
            }

            await store.CheckAsync(cancellationToken);
        }
        catch (LakeException failure)
        {
            throw failure is { IsSetup: true, IsFull: false }
                ? new SettingsException(LakeException.Setting, failure.Message, "", failure)
                : new StoreAwayException(Lake, failure.Message, failure);
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away) && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreAwayException("Postgres", $"Postgres does not answer ({away.Message.TrimEnd('.')}).", away);
        }
    }

    // An empty folder in place of a disk that is not mounted would be taken for a new lake.
    private static async Task<string?> FindMissingAsync(string folder, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT path FROM warehouse.files WHERE state = 'live' ORDER BY live_at DESC NULLS LAST LIMIT 1");
        return await command.ExecuteScalarAsync(cancellationToken) is string newest && !File.Exists(Path.Combine(folder, newest.Replace('/', Path.DirectorySeparatorChar))) ? newest : null;
    }
}
