namespace Orders.Warehouse.Analytics;

/// <summary>The ready questions, as the page shows them.</summary>
internal static class Questions
{
    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<Question> All { get; } =
    [
        new("revenue", "Revenue by day and currency", mine =>
            $"""
            SELECT (placed_at AT TIME ZONE 'UTC')::DATE AS day, currency, sum(amount) AS amount, count(*) AS orders
              FROM orders_current
             WHERE status <> 'cancelled'
               AND placed_at >= now() - INTERVAL 30 DAY{And(mine)}
             GROUP BY ALL
             ORDER BY day, currency
            """),
        new("merchants", "Top merchants by country", mine =>
            $"""
            SELECT m.country, m.name AS merchant, o.currency, sum(o.amount) AS amount, count(*) AS orders
              FROM (SELECT merchant_id, currency, amount
                      FROM orders_current
                     WHERE status <> 'cancelled'{And(mine)}) o
              JOIN merchants_current m ON m.id = o.merchant_id
             GROUP BY m.country, m.name, o.currency
            QUALIFY row_number() OVER (PARTITION BY m.country, o.currency ORDER BY sum(o.amount) DESC, m.name) <= 3
             ORDER BY o.currency, m.country, amount DESC, merchant
            """,
            "merchants"),
        new("products", "Top products", mine =>
            $"""
            SELECT merchant_id, product_id, max(product_name) AS product, currency, sum(quantity * unit_price) AS amount, sum(quantity) AS quantity
              FROM (SELECT merchant_id, currency, unnest(items, recursive := true)
                      FROM orders_current
                     WHERE status <> 'cancelled'{And(mine, 10)})
             GROUP BY merchant_id, product_id, currency
            QUALIFY row_number() OVER (PARTITION BY currency ORDER BY sum(quantity * unit_price) DESC, merchant_id, product_id) <= 10
             ORDER BY currency, amount DESC, merchant_id, product_id
            """),
        new("funnel", "From placed to shipped", mine =>
            $"""
            WITH steps AS (
              SELECT count(*) AS placed, count(paid_at) AS paid, count(shipped_at) AS shipped,
                     quantile_cont(epoch_us(paid_at) - epoch_us(placed_at), [0.5, 0.95]) AS to_paid,
                     quantile_cont(epoch_us(shipped_at) - epoch_us(placed_at), [0.5, 0.95]) AS to_shipped
                FROM orders_milestones
               WHERE placed_at >= now() - INTERVAL 30 DAY{And(mine, 4)})
            SELECT 'placed' AS step, placed AS orders, NULL::DOUBLE AS median_seconds, NULL::DOUBLE AS p95_seconds FROM steps
            UNION ALL
            SELECT 'paid', paid, to_paid[1] / 1e6, to_paid[2] / 1e6 FROM steps
            UNION ALL
            SELECT 'shipped', shipped, to_shipped[1] / 1e6, to_shipped[2] / 1e6 FROM steps
             ORDER BY orders DESC, step
            """),
        new("cancellations", "Cancellations by month", mine =>
            $"""
            SELECT strftime(placed_at AT TIME ZONE 'UTC', '%Y-%m') AS month,
                   count(*) FILTER (status = 'cancelled') AS cancelled,
                   count(*) AS orders,
                   round(100.0 * count(*) FILTER (status = 'cancelled') / count(*), 2) AS percent
              FROM orders_current{Where(mine)}
             GROUP BY month
             ORDER BY month
            """),
    ];

    private static string And(string? mine, int indent = 2) => mine is null ? "" : $"\n{new string(' ', indent + 1)}AND {mine}";

    private static string Where(string? mine) => mine is null ? "" : $"\n WHERE {mine}";
}
