using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// The gate: a lock between the stream and writers of orders that were read from the table (06_snapshots.sql
/// explains it). A batch of the stream shares it by moving its checkpoint; other writers begin their
/// transaction with one of these statements.
/// </summary>
internal static class ProjectionGate
{
    /// <summary>
    /// A shared lock: compatible with batches of the stream, not with a page of a snapshot. Held until the
    /// transaction ends.
    /// </summary>
    public static NpgsqlBatchCommand Share() => new("SELECT sync.share_gate()");

    /// <summary>Shares the gate in a transaction that has just begun.</summary>
    public static async Task ShareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Share());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// An exclusive lock: no batch of the stream runs until the transaction ends. Hold it for milliseconds
    /// only.
    /// </summary>
    public static NpgsqlBatchCommand Close() => new("SELECT sync.close_gate()");

    /// <summary>Closes the gate in a transaction that has just begun.</summary>
    public static async Task CloseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Close());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
