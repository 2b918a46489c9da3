-- Every change of every order, once.
CREATE VIEW orders_changes AS
SELECT c.order_id, c.version, c.change, c.merchant_id, c.customer_id, c.status, c.currency, c.amount, c.items, c.placed_at,
       c.changed_at, c.streamed_at, c.source, c.shard, c.sequence, c.is_ttl, c.item, c.day
{rows};

-- The same with a place, by which the changes of an order are ordered: the sequence in the stream. A row of a snapshot has none; it
-- stands behind the changes of lower versions.
CREATE VIEW orders_places AS
SELECT *, sequence AS place
  FROM orders_changes
 WHERE sequence IS NOT NULL
UNION ALL
SELECT s.*, coalesce(p.sequence, ' ') || '~' || lpad(s.version::VARCHAR, 20, '0') AS place
  FROM (SELECT * FROM orders_changes WHERE sequence IS NULL) s
  LEFT JOIN (SELECT f.order_id, f.version, max(c.sequence) AS sequence
               FROM (SELECT DISTINCT order_id, version FROM orders_changes WHERE sequence IS NULL) f
               JOIN (SELECT order_id, version, sequence FROM orders_changes WHERE sequence IS NOT NULL) c
                 ON c.order_id = f.order_id AND c.version < f.version
              GROUP BY f.order_id, f.version) p
    ON p.order_id = s.order_id AND p.version = s.version;

-- The newest state of each order, deleted ones among them, and when it first had a status. Most of it is stored (orders_state): what
-- came later is joined to it.
CREATE VIEW orders_newest AS
{newest};

-- The newest state of each order that is not deleted; what Postgres' table orders has, and the lines.
CREATE VIEW orders_current AS
SELECT order_id, merchant_id, customer_id, status, currency, amount, items, placed_at, updated_at, version
  FROM orders_newest
 WHERE change NOT IN ('deleted', 'vanished');

-- When each order was placed, paid, shipped, cancelled and deleted, each for the first time.
CREATE VIEW orders_milestones AS
SELECT order_id, merchant_id, customer_id, status, currency, amount, placed_at, paid_at, shipped_at, cancelled_at,
       CASE WHEN change IN ('deleted', 'vanished') THEN updated_at END AS deleted_at
  FROM orders_newest;

-- The orders as they were at a time: orders_as_of(TIMESTAMPTZ '2026-11-30 12:00:00+00').
CREATE MACRO orders_as_of(t) AS TABLE
SELECT order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version
  FROM (SELECT order_id,
               arg_max_null(change, place) AS change,
               arg_max_null(merchant_id, place) AS merchant_id,
               arg_max_null(customer_id, place) AS customer_id,
               arg_max_null(status, place) AS status,
               arg_max_null(currency, place) AS currency,
               arg_max_null(amount, place) AS amount,
               arg_max_null(placed_at, place) AS placed_at,
               arg_max_null(changed_at, place) AS updated_at,
               arg_max_null(version, place) AS version
          FROM (SELECT * FROM orders_places WHERE changed_at <= t AND day <= (t::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE)
         GROUP BY order_id)
 WHERE change NOT IN ('deleted', 'vanished');

-- Each version of each order with the time in which it held. A deletion is a version, too: the last one, with deleted_at.
CREATE VIEW orders_history AS
SELECT order_id, version, change, merchant_id, customer_id, status, currency, amount, items, placed_at,
       changed_at AS valid_from,
       lead(changed_at) OVER later AS valid_to,
       change NOT IN ('deleted', 'vanished') AND lead(changed_at) OVER later IS NULL AS is_current,
       CASE WHEN change IN ('deleted', 'vanished') THEN changed_at END AS deleted_at
  FROM (SELECT * FROM orders_places
        -- A version that a snapshot found is shown only where the stream does not have it, and once.
       QUALIFY sequence IS NOT NULL
            OR row_number() OVER (PARTITION BY order_id, version ORDER BY sequence IS NULL, streamed_at) = 1)
WINDOW later AS (PARTITION BY order_id ORDER BY place);

-- The lines of the orders of orders_current, numbered from 1.
CREATE VIEW order_items_current AS
SELECT order_id, n AS order_item_id, merchant_id, status, currency, placed_at,
       item.product_id AS product_id, item.product_name AS product_name, item.quantity AS quantity, item.unit_price AS unit_price
  FROM (SELECT order_id, merchant_id, status, currency, placed_at, unnest(items) AS item, unnest(range(1, len(items) + 1)) AS n
          FROM orders_newest
         WHERE change NOT IN ('deleted', 'vanished'));

-- Orders and their amount for each merchant, hour (UTC) and currency; what Postgres' table hourly_totals has.
CREATE VIEW orders_hourly AS
SELECT merchant_id, hour, currency, count(*) AS orders, sum(amount) AS amount
  FROM (SELECT merchant_id, currency, amount, make_timestamptz((epoch_us(placed_at) // 3600000000) * 3600000000) AS hour FROM orders_current)
 GROUP BY ALL;
