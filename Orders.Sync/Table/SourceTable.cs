using Amazon.Runtime;
using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Table;

/// <summary>
/// Notes in the read model which table fills it (<c>sync.source_table</c>): before the first change is read,
/// and again while the service runs. A table that was deleted and made anew under the same name is another
/// one. The cache's scope then changes, and a rebuild removes the orders that only the former one had.
/// </summary>
internal sealed partial class SourceTable(TableReader table, NpgsqlDataSource database, TimeProvider time, ILogger<SourceTable> logger) : BackgroundService, IStartCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AtStart = TimeSpan.FromSeconds(5);

    /// <summary>A table takes the place of another one when it is described twice, this far apart.</summary>
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(1);

    private const string Note =
        """
        INSERT INTO sync.source_table AS t (table_id) VALUES ($1)
        ON CONFLICT ((true)) DO UPDATE SET table_id = excluded.table_id, changed_at = clock_timestamp() WHERE t.table_id <> excluded.table_id
        RETURNING changed_at IS NOT NULL
        """;

    private volatile TableIdentity? _noted;

    /// <summary>
    /// When the table was made; null while that is not known. The stream may still have older records: those
    /// of a former table of its name.
    /// </summary>
    public DateTimeOffset? MadeAt => _noted?.MadeAt;

    /// <summary>Notes the table. The service also starts when that fails: it is tried again.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(AtStart, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await TryNoteAsync(limit.Token);
        cancellationToken.ThrowIfCancellationRequested();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var isNoted = await TryNoteAsync(stoppingToken);
            await Task.Delay(isNoted ? Interval : AfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryNoteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await NoteAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException || PostgresFaults.IsNoAnswer(failure))
        {
            LogFailed(failure.Message);
            return false;
        }
    }

    // An instance writes only what is new to itself: two that are given different tables do not undo each
    // other's note for ever.
    private async Task NoteAsync(CancellationToken cancellationToken)
    {
        if (await table.IdentifyAsync(cancellationToken) is not { Id: var tableId } found || tableId == _noted?.Id)
        {
            return;
        }

        if (await ReadAsync(cancellationToken) is { } stored && stored != tableId)
        {
            await Task.Delay(BetweenSigns, time, cancellationToken);
            if (await table.IdentifyAsync(cancellationToken) != found)
            {
                return;
            }
        }

        await using var note = database.CreateCommand(Note);
        note.Parameters.Add(new() { Value = tableId });
        if (await note.ExecuteScalarAsync(cancellationToken) is true)
        {
            LogChanged(tableId);
        }

        _noted = found;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT table_id FROM sync.source_table");
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model is now filled from another table than before ({TableId}): it is rebuilt from it")]
    private partial void LogChanged(string tableId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The table could not be noted: {Reason}")]
    private partial void LogFailed(string reason);
}
