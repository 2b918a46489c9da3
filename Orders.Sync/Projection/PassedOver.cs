using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Projection;

/// <summary>
/// Reports changes that were passed over: in the log by order id, as a metric, and in
/// <c>sync.passed_over</c> by cause. Nothing is lost, since the orders are read from the table.
/// </summary>
internal sealed partial class PassedOver(NpgsqlDataSource database, SyncMetrics metrics, ILogger<PassedOver> logger)
{
    // One log entry for each batch and cause, since reading a stream again passes over thousands of changes.
    private const int MostIdsAtOnce = 20;

    /// <summary>
    /// Reports the changes that a committed batch has passed over. If Postgres fails, they are still in the
    /// log and in the metric.
    /// </summary>
    /// <param name="changes">The changes; may be none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task TellAsync(IReadOnlyCollection<PassedChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var causes = changes.GroupBy(change => change.Cause, change => change.OrderId, StringComparer.Ordinal).OrderBy(cause => cause.Key, StringComparer.Ordinal).ToList();
        foreach (var cause in causes)
        {
            metrics.PassedOver(cause.Count(), cause.Key);
            LogPassedOver(cause.Count(), cause.Key, string.Join(", ", cause.Take(MostIdsAtOnce)));
        }

        try
        {
            await using var command = database.CreateCommand(
                """
                INSERT INTO sync.passed_over AS p (cause, changes, last_order_id, last_at)
                SELECT cause, changes, last_order_id, clock_timestamp() FROM unnest($1, $2, $3) AS new (cause, changes, last_order_id) ORDER BY cause
                ON CONFLICT (cause) DO UPDATE SET changes = p.changes + excluded.changes, last_order_id = excluded.last_order_id, last_at = excluded.last_at
                """);
            command.Parameters.Add(new() { Value = causes.Select(cause => cause.Key).ToArray() });
            command.Parameters.Add(new() { Value = causes.Select(cause => (long)cause.Count()).ToArray() });
            command.Parameters.Add(new() { Value = causes.Select(cause => cause.Last()).ToArray() });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            LogNotCounted(failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} changes were passed over ({Cause}), of the orders {OrderIds}: what they are in the table stands or will")]
    private partial void LogPassedOver(int count, string cause, string orderIds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was passed over could not be counted in Postgres: {Reason}")]
    private partial void LogNotCounted(string reason);
}
