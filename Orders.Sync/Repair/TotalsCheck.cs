using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.Repair;

/// <summary>
/// Compares <c>hourly_totals</c> with the sums of the orders. One statement reads both from the same
/// snapshot, and a total changes in the transaction that changes its orders, so that live traffic does not
/// matter.
/// </summary>
internal sealed class TotalsCheck(NpgsqlDataSource database, TimeProvider time, ILogger<TotalsCheck> logger)
{
    // No time limit: the statement sums the whole table.
    private const int NoTimeLimit = 0;

    /// <summary>Finds wrong totals.</summary>
    /// <returns>The number of totals, and the wrong ones.</returns>
    public async Task<(long Compared, IReadOnlyList<TotalDifference> Wrong)> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH counted AS (
                SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, count(*) AS orders, sum(amount) AS amount
                  FROM orders
                 WHERE status <> 'cancelled'
                 GROUP BY 1, 2, 3),
            compared AS (
                SELECT merchant_id, hour, currency,
                       coalesce(c.orders, 0) AS orders, coalesce(c.amount, 0) AS amount, coalesce(t.orders, 0) AS found_orders, coalesce(t.amount, 0) AS found_amount
                  FROM counted AS c
                  FULL JOIN hourly_totals AS t USING (merchant_id, hour, currency))
            SELECT (SELECT count(*) FROM compared), merchant_id, hour, currency, orders, amount::text, found_orders, found_amount::text
              FROM (SELECT) AS one
              LEFT JOIN compared ON orders <> found_orders OR amount <> found_amount
             ORDER BY merchant_id, hour, currency
            """);
        command.CommandTimeout = NoTimeLimit;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var (compared, wrong) = (0L, new List<TotalDifference>());
        while (await rows.ReadAsync(cancellationToken))
        {
            compared = rows.GetInt64(0);
            if (!rows.IsDBNull(1))
            {
                wrong.Add(new TotalDifference(
                    rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2), rows.GetString(3), rows.GetInt64(4), rows.GetString(5), rows.GetInt64(6), rows.GetString(7)));
            }
        }

        return (compared, wrong);
    }

    /// <summary>Recomputes totals from their orders.</summary>
    /// <param name="wrong">Which.</param>
    /// <param name="first">The first statements of the transaction: the gate, and a rebuild's fence.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    public Task RepairAsync(IReadOnlyList<TotalDifference> wrong, Func<IReadOnlyList<NpgsqlBatchCommand>> first, CancellationToken cancellationToken) =>
        TransientFailures.RetryAsync(() => RecomputeAsync(wrong, first(), cancellationToken), time, logger, cancellationToken);

    private async Task RecomputeAsync(IReadOnlyList<TotalDifference> wrong, IReadOnlyList<NpgsqlBatchCommand> first, CancellationToken cancellationToken)
    {
        var columns = new NpgsqlParameter[]
        {
            new() { Value = wrong.Select(total => total.MerchantId).ToArray() },
            new() { Value = wrong.Select(total => total.Hour).ToArray() },
            new() { Value = wrong.Select(total => total.Currency).ToArray() },
        };
        await using var batch = database.CreateBatch();
        foreach (var command in first)
        {
            batch.BatchCommands.Add(command);
        }

        var clear = new NpgsqlBatchCommand(
            """
            DELETE FROM hourly_totals AS t
             USING unnest($1, $2, $3) AS wrong (merchant_id, hour, currency)
             WHERE (t.merchant_id, t.hour, t.currency) = (wrong.merchant_id, wrong.hour, wrong.currency)
            """);
        var count = new NpgsqlBatchCommand(
            """
            INSERT INTO hourly_totals (merchant_id, hour, currency, orders, amount)
            SELECT o.merchant_id, wrong.hour, o.currency, count(*), sum(o.amount)
              FROM unnest($1, $2, $3) AS wrong (merchant_id, hour, currency)
              JOIN orders AS o
                ON o.merchant_id = wrong.merchant_id AND o.currency = wrong.currency AND o.status <> 'cancelled'
               AND o.placed_at >= wrong.hour AND o.placed_at < wrong.hour + interval '1 hour'
             GROUP BY 1, 2, 3
            """);
        foreach (var command in new[] { clear, count })
        {
            command.Parameters.AddRange(columns.Select(column => new NpgsqlParameter { Value = column.Value }).ToArray());
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
