using Npgsql;

namespace Orders.Warehouse.Ledger;

/// <summary>Reads which files of a log are live.</summary>
internal sealed class LiveFiles(NpgsqlDataSource database)
{
    /// <summary>The paths of a log's live files.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string log, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT path FROM warehouse.files WHERE log = $1 AND state = 'live' ORDER BY path");
        command.Parameters.Add(new() { Value = log });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var paths = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            paths.Add(reader.GetString(0));
        }

        return paths;
    }
}
