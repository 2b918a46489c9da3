using Npgsql;
using NpgsqlTypes;

namespace Orders.Sync.Projection;

/// <summary>
/// Orders in doubt (<c>sync.doubtful_orders</c>): a change came of which it is not certain whether it is
/// later or earlier than the row in Postgres. The batch's transaction notes them, and soon afterwards they
/// are read from the table.
/// </summary>
internal sealed class DoubtfulOrders(NpgsqlDataSource database) : IDisposable
{
    private readonly SemaphoreSlim _noted = new(0, 1);

    /// <summary>The statement that notes orders, for the transaction of the change.</summary>
    public static NpgsqlBatchCommand Note(IEnumerable<Guid> orders) => new(
        """
        INSERT INTO sync.doubtful_orders (order_id)
        SELECT order_id FROM unnest($1) AS noted (order_id) ORDER BY order_id
        ON CONFLICT (order_id) DO UPDATE SET noted_by = excluded.noted_by
        """)
    {
        Parameters = { new() { Value = orders.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid } },
    };

    /// <summary>Called when a committed batch has noted orders.</summary>
    /// <param name="orders">Which; may be none.</param>
    public void Noted(IReadOnlySet<Guid> orders)
    {
        if (orders.Count == 0)
        {
            return;
        }

        try
        {
            _noted.Release();
        }
        catch (SemaphoreFullException)
        {
            // The waiting loop is signalled already.
        }
    }

    /// <summary>
    /// Waits until this instance notes orders, or for a limited time: another instance may have noted some
    /// and stopped.
    /// </summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _noted.WaitAsync(limit, cancellationToken);

    /// <summary>Reads some of them, each with the last transaction that noted it.</summary>
    public async Task<IReadOnlyList<(Guid OrderId, ulong NotedBy)>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT order_id, noted_by FROM sync.doubtful_orders ORDER BY noted_by, order_id LIMIT $1");
        command.Parameters.Add(new() { Value = limit });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var orders = new List<(Guid, ulong)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            orders.Add((rows.GetGuid(0), rows.GetFieldValue<ulong>(1)));
        }

        return orders;
    }

    /// <summary>Deletes orders that were read from the table, unless they were noted again since.</summary>
    public async Task DeleteAsync(IReadOnlyList<(Guid OrderId, ulong NotedBy)> asked, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH settled AS (UPDATE sync.doubts_settled SET settled_at = clock_timestamp())
            DELETE FROM sync.doubtful_orders AS d USING unnest($1, $2) AS asked (order_id, noted_by) WHERE d.order_id = asked.order_id AND d.noted_by = asked.noted_by
            """);
        command.Parameters.Add(new() { Value = asked.Select(order => order.OrderId).ToArray() });
        command.Parameters.Add(new() { Value = asked.Select(order => order.NotedBy).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Xid8 });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Dispose() => _noted.Dispose();
}
