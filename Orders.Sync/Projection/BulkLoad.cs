using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;
using NpgsqlTypes;
using Orders.Domain;
using Orders.Domain.Fields;

namespace Orders.Sync.Projection;

/// <summary>
/// Writes a <see cref="BulkPlan"/>: COPY handles several rows at a time and takes a third of the time of
/// INSERT … ON CONFLICT, which handles each row alone. The assumptions of the plan are checked. The load
/// fails, and nothing is committed, when a row exists already, an order has a tombstone, a status change
/// comes from another state, the row of an order is later, or its history does not end where the batch
/// begins.
/// </summary>
internal static class BulkLoad
{
    private static readonly string CopyOrders = $"COPY orders ({OrderColumns.Names}, place) FROM STDIN (FORMAT BINARY)";
    private static readonly string CopyLines = $"COPY order_items (order_id, {LineFields.OrderItemId}, {OrderColumns.LineNames}) FROM STDIN (FORMAT BINARY)";

    // A volatile default would make COPY handle each row alone, so projected_at is given.
    private const string CopyHistory =
        "COPY order_history (order_id, revision, version, merchant_id, change, changed_at, body, place, projected_at) FROM STDIN (FORMAT BINARY)";

    // Up to a million orders the planner prefers a hash join, which reads all of them for each batch.
    // Switched off for this transaction only.
    private const string FindRowsByKey = "SELECT set_config(name, 'off', true) FROM unnest('{enable_hashjoin,enable_mergejoin}'::text[]) AS name";

    // The results of the checkpoint, of the settings and of the check for dead letters.
    private const int ResultsBeforeTime = 3;

    /// <summary>Writes everything but the commit.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="batch">The records.</param>
    /// <param name="plan">The plan of the batch.</param>
    /// <param name="last">The last statements of the transaction.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BulkConflictException">A part of the batch was applied before.</exception>
    /// <exception cref="PostgresException">The usual failures of a batch: a lost lease, an item with dead
    /// letters.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, ShardBatch batch, BulkPlan plan, IEnumerable<NpgsqlBatchCommand> last, CancellationToken cancellationToken)
    {
        try
        {
            var now = await BeginAsync(connection, batch, plan, cancellationToken);
            await CopyOrdersAsync(connection, plan.Placed, cancellationToken);
            await CopyLinesAsync(connection, plan.Placed, cancellationToken);
            await CopyHistoryAsync(connection, plan.Changes.Versions, now, cancellationToken);
        }
        catch (PostgresException duplicate) when (duplicate.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new BulkConflictException();
        }

        await using var shared = connection.CreateBatch();
        foreach (var command in plan.Shared.Commands().Concat(last))
        {
            shared.BatchCommands.Add(command);
        }

        if (shared.BatchCommands.Count > 0)
        {
            await shared.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Sends the checkpoint and everything that is not copied.</summary>
    /// <returns>The time by Postgres' clock.</returns>
    private static async Task<DateTime> BeginAsync(NpgsqlConnection connection, ShardBatch batch, BulkPlan plan, CancellationToken cancellationToken)
    {
        var step = plan.Steps.Count == 0 ? null : Step(plan.Steps);
        await using var statements = connection.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, plan.Changes.LastChangeAt));
        statements.BatchCommands.Add(new(FindRowsByKey));
        statements.BatchCommands.Add(DeadLetterCommands.RefuseIfBlocked(plan.Changes.ItemKeys));
        statements.BatchCommands.Add(FindKnown(plan.Placed, plan.Continued));
        foreach (var command in (step is null ? [] : new[] { step }).Concat(ProjectionCommands.ForOrders(plan.Others)))
        {
            statements.BatchCommands.Add(command);
        }

        if (plan.Others.Count > 0)
        {
            statements.BatchCommands.Add(RefusedOrders.Find(plan.Others));
        }

        await using var reader = await statements.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < ResultsBeforeTime; i++)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        await reader.ReadAsync(cancellationToken);
        var (now, isKnown) = (reader.GetDateTime(0), reader.GetBoolean(1));
        var isRefused = false;
        while (await reader.NextResultAsync(cancellationToken))
        {
            // Read to the end, where the counts are known.
            isRefused |= reader.HasRows;
        }

        return isKnown || isRefused || step?.RecordsAffected < plan.Steps.Count ? throw new BulkConflictException() : now;
    }

    // Conflicts: a tombstone of an order that begins in this batch, or an entry of the history at or after a
    // change's own entry.
    private static NpgsqlBatchCommand FindKnown(IReadOnlyList<OrderChange> placed, IReadOnlyList<(Guid OrderId, long Version)> continued) => ProjectionCommands.Command(
        """
        SELECT clock_timestamp(),
               EXISTS (SELECT
                         FROM unnest($1) AS new (order_id)
                        CROSS JOIN LATERAL (SELECT FROM sync.tombstones WHERE order_id = new.order_id LIMIT 1) AS t)
               OR EXISTS (SELECT
                            FROM unnest($2, $3) AS next (order_id, version)
                           CROSS JOIN LATERAL (SELECT FROM order_history WHERE order_id = next.order_id AND revision >= next.version LIMIT 1) AS h)
        """,
        ProjectionCommands.Column(placed, change => change.OrderId),
        ProjectionCommands.Column(continued, order => order.OrderId),
        ProjectionCommands.Column(continued, order => order.Version));

    // Updates only from the state before the record (optimistic concurrency): then lines, products and
    // customer are unchanged too.
    private static NpgsqlBatchCommand Step(IReadOnlyList<OrderChange> steps) => ProjectionCommands.Command(
        """
        UPDATE orders AS o
           SET status = new.status, updated_at = new.updated_at, version = new.version, place = new.place
          FROM unnest($1, $2, $3, $4, $5, $6, $7) AS new (order_id, before_version, before_updated_at, status, updated_at, version, place)
         WHERE o.order_id = new.order_id AND o.version = new.before_version AND o.updated_at = new.before_updated_at
        """,
        ProjectionCommands.Column(steps, step => step.OrderId),
        ProjectionCommands.Column(steps, step => step.Before?.Version),
        ProjectionCommands.Column(steps, step => step.Before?.UpdatedAt),
        ProjectionCommands.Column(steps, step => OrderFields.Status.Get(step.Order)),
        ProjectionCommands.Column(steps, step => step.Order.UpdatedAt),
        ProjectionCommands.Column(steps, step => step.Version),
        ProjectionCommands.Places(steps));

    private static async Task CopyOrdersAsync(NpgsqlConnection connection, IReadOnlyList<OrderChange> placed, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync(CopyOrders, cancellationToken);
        foreach (var change in placed)
        {
            await import.StartRowAsync(cancellationToken);
            foreach (var column in OrderColumns.OfOrder)
            {
                await column.WriteAsync(import, change.Order, cancellationToken);
            }

            await WritePlaceAsync(import, change, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static async Task CopyLinesAsync(NpgsqlConnection connection, IReadOnlyList<OrderChange> placed, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync(CopyLines, cancellationToken);
        foreach (var (order, line) in placed.SelectMany(change => change.Order.Items.Select(line => (change.Order, line))))
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(order.OrderId, NpgsqlDbType.Uuid, cancellationToken);
            await import.WriteAsync(line.OrderItemId, NpgsqlDbType.Integer, cancellationToken);
            foreach (var column in OrderColumns.OfLine)
            {
                await column.WriteAsync(import, line, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static async Task CopyHistoryAsync(NpgsqlConnection connection, IReadOnlyList<OrderChange> versions, DateTime projectedAt, CancellationToken cancellationToken)
    {
        await using var import = await connection.BeginBinaryImportAsync(CopyHistory, cancellationToken);
        foreach (var change in versions)
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(change.OrderId, NpgsqlDbType.Uuid, cancellationToken);
            await import.WriteAsync(change.Version, NpgsqlDbType.Bigint, cancellationToken);
            await import.WriteAsync(change.Version, NpgsqlDbType.Bigint, cancellationToken);
            await import.WriteAsync(change.Order.MerchantId, NpgsqlDbType.Text, cancellationToken);
            await import.WriteAsync(change.Kind.Name(), NpgsqlDbType.Text, cancellationToken);
            await import.WriteAsync(change.Order.UpdatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await import.WriteAsync(change.Body, NpgsqlDbType.Json, cancellationToken);
            await WritePlaceAsync(import, change, cancellationToken);
            await import.WriteAsync(projectedAt, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static Task WritePlaceAsync(NpgsqlBinaryImporter import, OrderChange change, CancellationToken cancellationToken) => change.Place is { } place
        ? import.WriteAsync(place, NpgsqlDbType.Numeric, cancellationToken)
        : import.WriteNullAsync(cancellationToken);
}
