using System.Globalization;
using Orders.Bench.Stores;

namespace Orders.Bench.Growth;

/// <summary>
/// Fills the read model with a given number of orders as if the service had written them: set-based, indexes
/// last.
/// </summary>
internal static class ReadModelFill
{
    // The orders were placed before the end of a day, one every 360 ms: a million take a little more than
    // four days. Half are placed, half are paid. For any number of orders, the merchants, customers and
    // products are the same, and all exist.
    private const string Rows = """
        CREATE TEMP TABLE filled AS
        SELECT n, uuid, placed_at, version, CASE version WHEN 1 THEN 'placed' ELSE 'paid' END AS status,
               'merchant-' || n % 50 AS merchant_id, 'customer-' || n % 20000 AS customer_id, (ARRAY['INR', 'USD', 'EUR'])[1 + n % 3] AS currency
          FROM (SELECT n, 1 + n % 2 AS version, timestamptz '2026-03-01 00:00Z' - ($orders - n) * interval '360 ms' AS placed_at, md5(n::text) AS h
                  FROM generate_series(0, $orders - 1) AS n) AS made
         CROSS JOIN LATERAL (
               SELECT (lpad(to_hex((extract(epoch FROM placed_at) * 1000)::bigint), 12, '0') || '7' || left(h, 3) || '8' || right(h, 15))::uuid) AS id (uuid);

        INSERT INTO order_items (order_id, order_item_id, product_id, product_name, quantity, unit_price)
        SELECT uuid, line, 'product-' || product, 'Product number ' || product, 1 + (n + line) % 3, 5.50 + product % 400
          FROM filled, generate_series(1, 3) AS line, LATERAL (SELECT (n / 50 * 3 + line) % 2000) AS p (product);

        CREATE TEMP TABLE rendered AS
        SELECT f.*, i.amount, i.lines, to_char(f.placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time
          FROM filled AS f
          JOIN (SELECT order_id AS uuid, sum(quantity * unit_price) AS amount,
                       string_agg(format('{"order_item_id":%s,"product_id":"%s","product_name":"%s","quantity":%s,"unit_price":%s}',
                                         order_item_id, product_id, product_name, quantity, unit_price), ',' ORDER BY order_item_id) AS lines
                  FROM order_items
                 GROUP BY order_id) AS i USING (uuid);

        INSERT INTO orders (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version)
        SELECT uuid, merchant_id, customer_id, status, currency, amount, placed_at, placed_at, version FROM rendered ORDER BY n;

        INSERT INTO order_history (order_id, version, revision, merchant_id, change, changed_at, body)
        SELECT uuid, version, version, merchant_id, CASE version WHEN 1 THEN 'placed' ELSE 'changed' END, placed_at,
               format('{"order_id":"%s","merchant_id":"%s","customer_id":"%s","status":"%s","currency":"%s","amount":%s,"items":[%s],"placed_at":"%s","updated_at":"%s","version":%s}',
                      uuid, merchant_id, customer_id, status, currency, amount, lines, time, time, version)::json
          FROM rendered
         ORDER BY n;

        INSERT INTO customers (merchant_id, customer_id, first_order_at, last_order_at)
        SELECT 'merchant-' || n % 50, 'customer-' || n, timestamptz '2026-01-01 00:00Z', timestamptz '2026-02-28 23:59Z' FROM generate_series(0, 19999) AS n;

        INSERT INTO products (merchant_id, product_id, product_name, unit_price, currency, as_of)
        SELECT 'merchant-' || m, 'product-' || p, 'Product number ' || p, 5.50 + p % 400, 'INR', timestamptz '2026-02-28 23:59Z'
          FROM generate_series(0, 49) AS m, generate_series(0, 1999) AS p;

        INSERT INTO hourly_totals (merchant_id, hour, currency, orders, amount)
        SELECT merchant_id, sync.utc_hour(placed_at), currency, count(*), sum(amount) FROM orders GROUP BY 1, 2, 3
        """;

    private const string IndexesLast = """
        CREATE TEMP TABLE postponed AS
        SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
          FROM pg_index WHERE indrelid IN ('orders'::regclass, 'order_history'::regclass) AND NOT indisprimary;
        DO $$ DECLARE each record; BEGIN FOR each IN SELECT * FROM postponed LOOP EXECUTE 'DROP INDEX ' || each.name; END LOOP; END $$;
        ALTER TABLE orders DISABLE TRIGGER USER
        """;

    private const string Indexes = """
        ALTER TABLE orders ENABLE TRIGGER USER;
        DO $$ DECLARE each record; BEGIN FOR each IN SELECT * FROM postponed LOOP EXECUTE each.definition; END LOOP; END $$
        """;

    /// <param name="database">A database with the read model's empty tables.</param>
    /// <param name="orders">The number of orders.</param>
    /// <param name="cancellationToken">Stops the filling.</param>
    public static async Task RunAsync(BenchDatabase database, int orders, CancellationToken cancellationToken)
    {
        var rows = Rows.Replace("$orders", orders.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await database.ExecuteAsync($"SET work_mem = '256MB'; SET maintenance_work_mem = '256MB'; {IndexesLast}; {rows}; {Indexes}", cancellationToken);
        database.Source.Clear();
        await database.ExecuteAsync("VACUUM ANALYZE", cancellationToken);
    }
}
