using Orders.Warehouse.Analytics;

namespace Orders.Bench.Warehouse;

/// <summary>A question, and how the third seed's table is asked.</summary>
/// <param name="Name">What it asks.</param>
/// <param name="Sql">Of our views: that of the page /analytics.</param>
/// <param name="RivalSql">Of the table.</param>
internal sealed record AnalystQuestion(string Name, string Sql, string RivalSql)
{
    // A row for each change: the newest is the state.
    private const string Newest = "newest AS (SELECT DISTINCT ON (order_id) * FROM changes ORDER BY order_id, version DESC)";

    /// <summary>The five.</summary>
    public static IReadOnlyList<AnalystQuestion> All { get; } =
    [
        new(
            "revenue by day and currency",
            Of("revenue"),
            $"""
            WITH {Newest}
            SELECT (placed_at AT TIME ZONE 'UTC')::date AS day, currency, sum(amount), count(*)
              FROM newest
             WHERE status <> 'cancelled' AND placed_at >= now() - interval '30 days'
             GROUP BY 1, 2
             ORDER BY 1, 2
            """),
        new(
            "top merchants by country",
            Of("merchants"),
            $"""
            WITH {Newest}
            SELECT *
              FROM (SELECT country, name, currency, sum(amount) AS amount, count(*) AS orders,
                           row_number() OVER (PARTITION BY country, currency ORDER BY sum(amount) DESC, name) AS n
                      FROM newest JOIN merchants ON merchants.id = merchant_id WHERE status <> 'cancelled' GROUP BY 1, 2, 3) AS ranked
             WHERE n <= 3
             ORDER BY currency, country, amount DESC
            """),
        new(
            "top products",
            Of("products"),
            $"""
            WITH {Newest}
            SELECT *
              FROM (SELECT merchant_id, line->>'product_id' AS product_id, max(line->>'product_name'), currency,
                           sum((line->>'quantity')::float8 * (line->>'unit_price')::float8) AS amount,
                           row_number() OVER (PARTITION BY currency ORDER BY sum((line->>'quantity')::float8 * (line->>'unit_price')::float8) DESC) AS n
                      FROM newest, jsonb_array_elements(items) AS line WHERE status <> 'cancelled' GROUP BY 1, 2, 4) AS ranked
             WHERE n <= 10
             ORDER BY currency, amount DESC
            """),
        new(
            "from placed to shipped",
            Of("funnel"),
            """
            WITH steps AS (
              SELECT order_id, min(placed_at) AS placed_at, min(changed_at) FILTER (WHERE status = 'paid') AS paid_at, min(changed_at) FILTER (WHERE status = 'shipped') AS shipped_at
                FROM changes
               WHERE placed_at >= now() - interval '30 days'
               GROUP BY order_id)
            SELECT 'placed', count(*), NULL::float8, NULL::float8 FROM steps
            UNION ALL
            SELECT 'paid', count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM paid_at - placed_at)), percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM paid_at - placed_at))
              FROM steps WHERE paid_at IS NOT NULL
            UNION ALL
            SELECT 'shipped', count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM shipped_at - placed_at)), percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM shipped_at - placed_at))
              FROM steps WHERE shipped_at IS NOT NULL
            """),
        new(
            "cancellations by month",
            Of("cancellations"),
            $"""
            WITH {Newest}
            SELECT date_trunc('month', placed_at AT TIME ZONE 'UTC')::date, count(*), count(*) FILTER (WHERE status = 'cancelled') FROM newest GROUP BY 1 ORDER BY 1
            """),
    ];

    private static string Of(string id) => Questions.All.Single(question => question.Id == id).SqlFor(merchants: null);
}
