-- The newest state of each order that was touched: the last of the stream, unless a snapshot found a higher version.
INSERT INTO newest_orders (order_id, change, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version, change_id)
SELECT order_id, change, merchant_id, customer_id, status, currency, amount, placed_at, changed_at, version, change_id
  FROM (SELECT k.*, row_number() OVER (
                        PARTITION BY k.order_id
                        ORDER BY CASE WHEN k.sequence IS NULL AND (k.in_stream = 0 OR k.version > k.stream_version) THEN 0 WHEN k.sequence IS NOT NULL THEN 1 ELSE 2 END) AS place
          FROM (SELECT r.*,
                       max(CASE WHEN r.sequence IS NULL THEN 0 ELSE 1 END) OVER (PARTITION BY r.order_id) AS in_stream,
                       max(CASE WHEN r.sequence IS NULL THEN NULL ELSE r.version END) OVER (PARTITION BY r.order_id) AS stream_version
                  FROM (SELECT c.*, row_number() OVER (
                                        PARTITION BY c.order_id, CASE WHEN c.sequence IS NULL THEN 0 ELSE 1 END
                                        ORDER BY coalesce(c.sequence, '') DESC, coalesce(c.version, -1) DESC, c.streamed_at DESC) AS n
                          FROM lake.orders_changes c JOIN (SELECT DISTINCT order_id FROM touched_orders) o ON o.order_id = c.order_id) r
                 WHERE r.n = 1) k) p
 WHERE place = 1;
