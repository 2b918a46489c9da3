SELECT coalesce(s.order_id, b.order_id) AS order_id,
       CASE WHEN b.order_id IS NULL THEN s.version ELSE b.version END AS version,
       CASE WHEN b.order_id IS NULL THEN s.change ELSE b.change END AS change,
       CASE WHEN b.order_id IS NULL THEN s.merchant_id ELSE b.merchant_id END AS merchant_id,
       CASE WHEN b.order_id IS NULL THEN s.customer_id ELSE b.customer_id END AS customer_id,
       CASE WHEN b.order_id IS NULL THEN s.status ELSE b.status END AS status,
       CASE WHEN b.order_id IS NULL THEN s.currency ELSE b.currency END AS currency,
       CASE WHEN b.order_id IS NULL THEN s.amount ELSE b.amount END AS amount,
       CASE WHEN b.order_id IS NULL THEN s.items ELSE b.items END AS items,
       CASE WHEN b.order_id IS NULL THEN s.placed_at ELSE b.placed_at END AS placed_at,
       CASE WHEN b.order_id IS NULL THEN s.updated_at ELSE b.updated_at END AS updated_at,
       CASE WHEN b.order_id IS NULL THEN s.sequence ELSE b.sequence END AS sequence,
       CASE WHEN b.order_id IS NULL THEN s.place ELSE b.place END AS place,
       CASE WHEN b.order_id IS NULL THEN s.paid_at ELSE b.paid_at END AS paid_at,
       CASE WHEN b.order_id IS NULL THEN s.shipped_at ELSE b.shipped_at END AS shipped_at,
       CASE WHEN b.order_id IS NULL THEN s.cancelled_at ELSE b.cancelled_at END AS cancelled_at
  -- DuckDB reads only those columns of the state that the query needs, as long as it stands here: before common table expressions,
  -- and not as one of them.
  FROM (SELECT s.*
{stored}) s
  FULL JOIN (
WITH
-- Changes that the stored state lacks; few, as long as it is written anew now and then.
     since AS MATERIALIZED (
       SELECT c.order_id, c.version, c.change, c.merchant_id, c.customer_id, c.status, c.currency, c.amount, c.items, c.placed_at, c.changed_at, c.sequence
{since}),
     -- As one list, which looks small to the planner: then it goes through the stored state once, beside these orders, and not the
     -- other way round.
     changed AS MATERIALIZED (SELECT unnest(orders) AS order_id FROM (SELECT list(DISTINCT order_id) AS orders FROM since)),
     touched AS MATERIALIZED (
       SELECT s.order_id, s.version, s.change, s.merchant_id, s.customer_id, s.status, s.currency, s.amount, s.items, s.placed_at, s.updated_at, s.sequence, s.place,
              s.paid_at, s.shipped_at, s.cancelled_at
{touched}
         SEMI JOIN changed h ON h.order_id = s.order_id)
-- The changes of an order are ordered by their place: the sequence in the stream. What a snapshot found has none; it stands behind the
-- changes of lower versions, whose highest place is its base.
SELECT n.*
  FROM changed
  JOIN (SELECT order_id,
        arg_max_null(version, true_place) AS version,
        arg_max_null(change, true_place) AS change,
        arg_max_null(merchant_id, true_place) AS merchant_id,
        arg_max_null(customer_id, true_place) AS customer_id,
        arg_max_null(status, true_place) AS status,
        arg_max_null(currency, true_place) AS currency,
        arg_max_null(amount, true_place) AS amount,
        arg_max_null(items, true_place) AS items,
        arg_max_null(placed_at, true_place) AS placed_at,
        arg_max_null(updated_at, true_place) AS updated_at,
        arg_max_null(sequence, true_place) AS sequence,
        max(true_place) AS place,
        min(paid_at) AS paid_at,
        min(shipped_at) AS shipped_at,
        min(cancelled_at) AS cancelled_at
   FROM (SELECT v.*, v.place AS true_place
           FROM {versions} v
          WHERE v.sequence IS NOT NULL
          UNION ALL
         SELECT v.*, greatest(v.place, coalesce(b.base, ' ') || '~' || lpad(v.version::VARCHAR, 20, '0'))
           FROM {versions} v
           LEFT JOIN (SELECT f.order_id, f.version, max(v.base) AS base
                        FROM (SELECT DISTINCT order_id, version
                                FROM (SELECT order_id, version, sequence FROM since UNION ALL SELECT order_id, version, sequence FROM touched)
                               WHERE sequence IS NULL) f
                        JOIN (SELECT order_id, version, coalesce(sequence, ' ') AS base FROM since UNION ALL SELECT order_id, version, split_part(place, '~', 1) FROM touched) v
                          ON v.order_id = f.order_id AND v.version < f.version
                       GROUP BY f.order_id, f.version) b
             ON b.order_id = v.order_id AND b.version = v.version
          WHERE v.sequence IS NULL)
  GROUP BY order_id) n
    ON n.order_id = changed.order_id) b
    ON b.order_id = s.order_id{order}
