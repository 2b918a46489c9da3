using DynamoStreams.Applying;
using Npgsql;
using Orders.Domain;
using Orders.ServiceDefaults.Commands;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Repair;

/// <summary>
/// Replaces stored orders by their state in the table. The orders are read with the gate closed, so that no
/// batch of the stream commits a newer state meanwhile. In one transaction the old rows are removed and the
/// order is projected again by the statements of the stream. Readers see the old order or the new one.
/// </summary>
internal sealed partial class OrderRepair(NpgsqlDataSource database, TableReader table, ProjectionWriter writer, TimeProvider time, ILogger<OrderRepair> logger)
{
    // All batches of the stream wait meanwhile. A repair that takes longer counts as a transient failure:
    // the gate is opened, and the repair is retried.
    private static readonly TimeSpan TableLimit = TimeSpan.FromSeconds(2);

    /// <summary>Repairs orders.</summary>
    /// <param name="orderIds">The orders; they are taken 100 at a time.</param>
    /// <param name="lease">The lease of a rebuild; null outside of one.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <returns>The orders that Postgres rejects, with the reason; they stay as they are.</returns>
    public async Task<IReadOnlyList<(Guid OrderId, string Error)>> RepairAsync(IReadOnlyList<Guid> orderIds, SnapshotLease? lease, CancellationToken cancellationToken)
    {
        var refused = new List<(Guid, string)>();
        foreach (var chunk in orderIds.Chunk(TableReader.MaxKeys))
        {
            await RepairOrSplitAsync(chunk, lease, refused, cancellationToken);
        }

        return refused;
    }

    /// <summary>
    /// Splits on failure: one order may not fit the tables (a NUL in a text, for example), which must not
    /// block the others.
    /// </summary>
    private async Task RepairOrSplitAsync(Guid[] orderIds, SnapshotLease? lease, List<(Guid, string)> refused, CancellationToken cancellationToken)
    {
        try
        {
            await TransientFailures.RetryAsync(() => RepairChunkAsync(orderIds, lease, cancellationToken), time, logger, cancellationToken);
        }
        catch (PostgresException refusal) when (ProjectionFailures.Classify(refusal) == FailureKind.Record)
        {
            if (orderIds.Length == 1)
            {
                LogRefused(orderIds[0], PlainText.Of(refusal.MessageText));
                refused.Add((orderIds[0], refusal.MessageText));
                return;
            }

            var middle = orderIds.Length / 2;
            await RepairOrSplitAsync(orderIds[..middle], lease, refused, cancellationToken);
            await RepairOrSplitAsync(orderIds[middle..], lease, refused, cancellationToken);
        }
    }

    private async Task RepairChunkAsync(Guid[] orderIds, SnapshotLease? lease, CancellationToken cancellationToken)
    {
        // Done before the gate is closed, since it may take a moment. It removes the followers' entries of
        // these orders.
        var writing = await writer.BeginBesideAsync(orderIds, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await writing.CommitAsync(() => EnterAsync(connection, lease, writing, cancellationToken), cancellationToken);

        var truths = await ReadTableAsync(orderIds, cancellationToken);
        var stored = await StoredOrders.ReadAsync(connection, orderIds, cancellationToken);
        var tombstones = await ReadTombstonesAsync(connection, orderIds, cancellationToken);
        var changes = ChangeSet.Of(Changes(orderIds, truths, stored, tombstones));
        if (changes.Newest.Count > 0)
        {
            await writing.CommitAsync(() => ProjectAsync(connection, changes, lease, cancellationToken), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (changes.Newest.Count(change => change.IsDeletion) is > 0 and var removed)
        {
            LogRemoved(removed);
        }

        var orders = Projected(orderIds, truths, tombstones, changes).ToArray();
        await writing.CompleteAsync(orders, [.. orderIds.Except(orders.Select(order => order.OrderId))], cancellationToken);
    }

    private async Task<IReadOnlyDictionary<Guid, TableOrder>> ReadTableAsync(Guid[] orderIds, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TableLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await table.ReadAsync(orderIds, either.Token);
    }

    /// <summary>The changes to project. Pure except for the clock.</summary>
    private IEnumerable<OrderChange> Changes(
        Guid[] orderIds, IReadOnlyDictionary<Guid, TableOrder> truths, Dictionary<Guid, StoredOrder> stored, Dictionary<Guid, (long Version, string)> tombstones)
    {
        var now = Timestamp.Truncate(time.GetUtcNow());
        foreach (var orderId in orderIds)
        {
            var row = stored.GetValueOrDefault(orderId);
            if (!truths.TryGetValue(orderId, out var found))
            {
                if (row is not null)
                {
                    yield return OrderChange.FoundDeleted(row.ToOrder(), now);
                }
            }
            else if (found.Order is { } order && (OrderComparison.Compare(order, row).Any() || tombstones.ContainsKey(orderId)))
            {
                yield return OrderChange.Found(order);
            }
        }
    }

    private static async Task<int> EnterAsync(NpgsqlConnection connection, SnapshotLease? lease, OrderWriting writing, CancellationToken cancellationToken)
    {
        await using var enter = connection.CreateBatch();
        enter.BatchCommands.Add(ProjectionGate.Close());
        foreach (var command in writing.Commands())
        {
            enter.BatchCommands.Add(command);
        }

        if (lease is not null)
        {
            enter.BatchCommands.Add(SnapshotFence.For(lease));
        }

        return await SnapshotFence.GuardAsync(lease, () => enter.ExecuteNonQueryAsync(cancellationToken));
    }

    private static async Task<Dictionary<Guid, (long Version, string MerchantId)>> ReadTombstonesAsync(NpgsqlConnection connection, Guid[] orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT order_id, version, merchant_id FROM sync.tombstones WHERE order_id = ANY ($1)", connection) { Parameters = { new() { Value = orderIds } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var tombstones = new Dictionary<Guid, (long, string)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            tombstones.Add(rows.GetGuid(0), (rows.GetInt64(1), rows.GetString(2)));
        }

        return tombstones;
    }

    private static async Task<int> ProjectAsync(NpgsqlConnection connection, ChangeSet changes, SnapshotLease? lease, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        foreach (var command in Clear([.. changes.Newest]).Concat(ProjectionCommands.For(changes)))
        {
            batch.BatchCommands.Add(command);
        }

        if (lease is not null)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE sync.snapshots SET replaced = replaced + $2, removed = removed + $3 WHERE snapshot_id = $1")
            {
                Parameters =
                {
                    new() { Value = lease.SnapshotId },
                    new() { Value = changes.Newest.LongCount(change => !change.IsDeletion) },
                    new() { Value = changes.Newest.LongCount(change => change.IsDeletion) },
                },
            });
        }

        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // Removes history entries without a place, at this version or above and since the order was last put:
    // they are wrong, or are written again from the table.
    private static IEnumerable<NpgsqlBatchCommand> Clear(OrderChange[] replaced)
    {
        var orderIds = replaced.Select(change => change.OrderId).ToArray();
        yield return new("DELETE FROM orders WHERE order_id = ANY ($1)") { Parameters = { new() { Value = orderIds } } };
        yield return new("DELETE FROM order_items WHERE order_id = ANY ($1)") { Parameters = { new() { Value = orderIds } } };
        yield return new("DELETE FROM sync.tombstones WHERE order_id = ANY ($1)") { Parameters = { new() { Value = orderIds } } };
        yield return new(
            """
            DELETE FROM order_history AS h
             USING unnest($1, $2) AS new (order_id, version)
             WHERE h.order_id = new.order_id AND h.version >= new.version AND h.place IS NULL AND h.change <> 'deleted'
               AND NOT EXISTS (SELECT FROM order_history AS d WHERE d.order_id = h.order_id AND d.revision > h.revision AND d.change = 'deleted')
            """)
        {
            Parameters = { new() { Value = orderIds }, new() { Value = replaced.Select(change => change.Version).ToArray() } },
        };
    }

    /// <summary>
    /// The states that the followers may have now; an order that is not included is read from Postgres.
    /// </summary>
    private static IEnumerable<ProjectedOrder> Projected(
        Guid[] orderIds, IReadOnlyDictionary<Guid, TableOrder> truths, Dictionary<Guid, (long Version, string MerchantId)> tombstones, ChangeSet changes)
    {
        var deleted = changes.Newest.Where(change => change.IsDeletion).ToDictionary(change => change.OrderId);
        foreach (var orderId in orderIds)
        {
            var truth = truths.GetValueOrDefault(orderId);
            if (truth?.Order is { } order)
            {
                yield return new(orderId, order.Version, order.MerchantId, OrderJson.Render(order));
            }
            else if (truth is null && deleted.TryGetValue(orderId, out var deletion))
            {
                yield return new(orderId, deletion.Version, deletion.Order.MerchantId, Body: null);
            }
            else if (truth is null && tombstones.TryGetValue(orderId, out var tombstone))
            {
                yield return new(orderId, tombstone.Version, tombstone.MerchantId, Body: null);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} orders that the table no longer has were removed")]
    private partial void LogRemoved(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order {OrderId} cannot be stored: {Error}")]
    private partial void LogRefused(Guid orderId, string error);
}
