using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>
/// The gate between the stream and whoever writes orders from the table (06_snapshots.sql says why). A batch
/// of the stream shares it by moving its checkpoint; other writers of orders begin their transaction with
/// one of these.
/// </summary>
internal static class ProjectionGate
{
    /// <summary>
    /// Shared: beside batches of the stream, but not beside a page of a snapshot. Held to the transaction's
    /// end.
    /// </summary>
    public static NpgsqlBatchCommand Share() => new("SELECT sync.share_gate()");

    /// <summary>Shares it in a transaction that has just begun.</summary>
    public static async Task ShareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Share());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Alone: no batch of the stream is under way until the transaction's end. To be held for milliseconds.
    /// </summary>
    public static NpgsqlBatchCommand Close() => new("SELECT sync.close_gate()");

    /// <summary>Closes it in a transaction that has just begun.</summary>
    public static async Task CloseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Close());
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
