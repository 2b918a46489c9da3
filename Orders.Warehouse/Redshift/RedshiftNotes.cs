using Npgsql;
using NpgsqlTypes;

namespace Orders.Warehouse.Redshift;

/// <summary>How the loads go, kept in Postgres: asking Redshift itself would wake it.</summary>
internal sealed class RedshiftNotes(NpgsqlDataSource database)
{
    /// <summary>Notes a load that ended.</summary>
    public async Task DoneAsync(RedshiftLoad load, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Note(load.IsComplete, load.Files, load.SetAside, load.Problem));
        batch.BatchCommands.Add(new("DELETE FROM warehouse.redshift_logs WHERE log <> ALL ($1)") { Parameters = { new() { Value = load.Logs.Select(log => log.Log).ToArray() } } });
        foreach (var log in load.Logs)
        {
            batch.BatchCommands.Add(new(
                """
                INSERT INTO warehouse.redshift_logs AS l (log, files, set_aside, problem, tried_at) VALUES ($1, coalesce($2, 0), coalesce($3, 0), $4, clock_timestamp())
                ON CONFLICT (log) DO UPDATE SET files = coalesce($2, l.files), set_aside = coalesce($3, l.set_aside), problem = excluded.problem, tried_at = excluded.tried_at
                """)
            {
                Parameters =
                {
                    new() { Value = log.Log },
                    Number(log.Files),
                    Number(log.SetAside),
                    Text(log.Problem ?? log.Failed.Select(file => $"{file.Path}: {file.Reason}").FirstOrDefault()),
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes that there was nothing to load.</summary>
    public Task NothingNewAsync(CancellationToken cancellationToken) => ExecuteAsync(Note(isComplete: true, files: null, setAside: null, problem: null), cancellationToken);

    /// <summary>Notes a load that failed.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task FailedAsync(string problem, CancellationToken cancellationToken) => ExecuteAsync(Note(isComplete: false, files: null, setAside: null, problem), cancellationToken);

    /// <summary>Reads how the loads go; null before the first.</summary>
    public async Task<RedshiftStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT extract(epoch FROM clock_timestamp() - complete_at)::float8, files, set_aside, problem FROM warehouse.redshift"));
        batch.BatchCommands.Add(new("SELECT log, files, set_aside, problem FROM warehouse.redshift_logs ORDER BY log"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var status = await reader.ReadAsync(cancellationToken)
            ? new RedshiftStatus(reader.IsDBNull(0) ? null : Math.Max(0, reader.GetDouble(0)), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), [])
            : null;
        await reader.NextResultAsync(cancellationToken);
        var logs = new List<RedshiftLogStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            logs.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        }

        return status is null ? null : status with { Logs = logs };
    }

    private static NpgsqlBatchCommand Note(bool isComplete, long? files, long? setAside, string? problem) => new(
        """
        INSERT INTO warehouse.redshift AS r (tried_at, complete_at, files, set_aside, problem)
        VALUES (clock_timestamp(), CASE WHEN $1 THEN clock_timestamp() END, coalesce($2, 0), coalesce($3, 0), $4)
        ON CONFLICT (one) DO UPDATE SET tried_at = excluded.tried_at, complete_at = coalesce(excluded.complete_at, r.complete_at),
            files = coalesce($2, r.files), set_aside = coalesce($3, r.set_aside), problem = excluded.problem
        """)
    {
        Parameters = { new() { Value = isComplete }, Number(files), Number(setAside), Text(problem) },
    };

    private async Task ExecuteAsync(NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Number(long? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
