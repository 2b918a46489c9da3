using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.Repair;

/// <summary>
/// Recomputes the tables derived from orders: totals, customers, products. Wrong rows are found while the
/// stream runs. Only these are recomputed with the gate closed, so that correct rows never block the stream.
/// </summary>
internal sealed class DerivedTables(NpgsqlDataSource database, TotalsCheck totals, TimeProvider time, ILogger<DerivedTables> logger)
{
    private const int NoTimeLimit = 0;
    private const int KeysAtOnce = 1_000;

    // The same as a projection into empty tables gives: the first and the last existing order of the
    // customer.
    private const string Customers =
        """
        SELECT o.merchant_id, o.customer_id, min(o.placed_at) AS first_order_at, max(o.placed_at) AS last_order_at
          FROM orders AS o
         WHERE o.customer_id IS NOT NULL
        """;

    // The newest order with the product decides. If two have the same time, either is right: a row that
    // matches one of them stays.
    private const string Products =
        """
        SELECT o.merchant_id, l.product_id, l.product_name, l.unit_price, o.currency, o.placed_at AS as_of,
               rank() OVER (PARTITION BY o.merchant_id, l.product_id ORDER BY o.placed_at DESC) AS place
          FROM orders AS o
          JOIN order_items AS l ON l.order_id = o.order_id
        """;

    /// <summary>Finds and repairs wrong rows.</summary>
    public async Task RecomputeAsync(SnapshotLease lease, CancellationToken cancellationToken)
    {
        foreach (var wrong in (await totals.FindAsync(cancellationToken)).Wrong.Chunk(KeysAtOnce))
        {
            await totals.RepairAsync(wrong, () => [ProjectionGate.Close(), SnapshotFence.For(lease)], cancellationToken);
        }

        await MendAsync(
            lease,
            $"""
            SELECT merchant_id, customer_id
              FROM ({Customers} GROUP BY 1, 2) AS o
              FULL JOIN customers AS c USING (merchant_id, customer_id)
             WHERE (o.first_order_at, o.last_order_at) IS DISTINCT FROM (c.first_order_at, c.last_order_at)
            """,
            """
            DELETE FROM customers AS c
             USING unnest($1, $2) AS wrong (merchant_id, customer_id)
             WHERE (c.merchant_id, c.customer_id) = (wrong.merchant_id, wrong.customer_id)
            """,
            $"""
            INSERT INTO customers (merchant_id, customer_id, first_order_at, last_order_at)
            {Customers} AND (o.merchant_id, o.customer_id) IN (SELECT * FROM unnest($1, $2))
             GROUP BY 1, 2
            """,
            cancellationToken);
        await MendAsync(
            lease,
            $"""
            SELECT merchant_id, product_id
              FROM (SELECT * FROM ({Products}) AS ranked WHERE place = 1) AS o
              FULL JOIN products AS p USING (merchant_id, product_id)
             GROUP BY merchant_id, product_id
            HAVING NOT bool_or((o.product_name, o.unit_price, o.currency, o.as_of) IS NOT DISTINCT FROM (p.product_name, p.unit_price, p.currency, p.as_of))
            """,
            """
            DELETE FROM products AS p
             USING unnest($1, $2) AS wrong (merchant_id, product_id)
             WHERE (p.merchant_id, p.product_id) = (wrong.merchant_id, wrong.product_id)
            """,
            $"""
            INSERT INTO products (merchant_id, product_id, product_name, unit_price, currency, as_of)
            SELECT DISTINCT ON (merchant_id, product_id) merchant_id, product_id, product_name, unit_price, currency, as_of
              FROM ({Products} WHERE (o.merchant_id, l.product_id) IN (SELECT * FROM unnest($1, $2))) AS ranked
             WHERE place = 1
             ORDER BY merchant_id, product_id
            """,
            cancellationToken);
    }

    private async Task MendAsync(SnapshotLease lease, string find, string clear, string compute, CancellationToken cancellationToken)
    {
        foreach (var wrong in (await FindAsync(find, cancellationToken)).Chunk(KeysAtOnce))
        {
            await TransientFailures.RetryAsync(() => MendAsync(lease, wrong, clear, compute, cancellationToken), time, logger, cancellationToken);
        }
    }

    private async Task MendAsync(SnapshotLease lease, (string MerchantId, string Id)[] wrong, string clear, string compute, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Timeout = NoTimeLimit;
        batch.BatchCommands.Add(ProjectionGate.Close());
        batch.BatchCommands.Add(SnapshotFence.For(lease));
        foreach (var sql in new[] { clear, compute })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters = { new() { Value = wrong.Select(key => key.MerchantId).ToArray() }, new() { Value = wrong.Select(key => key.Id).ToArray() } },
            });
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure) when (SnapshotLostException.IsIt(failure))
        {
            throw new SnapshotLostException(lease.SnapshotId, failure);
        }
    }

    private async Task<List<(string MerchantId, string Id)>> FindAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = NoTimeLimit;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<(string, string)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            keys.Add((rows.GetString(0), rows.GetString(1)));
        }

        return keys;
    }
}
