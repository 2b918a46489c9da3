(SELECT order_id, version, change, merchant_id, customer_id, status, currency, amount, items, placed_at, changed_at AS updated_at, sequence,
                        coalesce(sequence, ' ') AS place,
                        CASE WHEN status = 'paid' AND change NOT IN ('deleted', 'vanished') THEN changed_at END AS paid_at,
                        CASE WHEN status = 'shipped' AND change NOT IN ('deleted', 'vanished') THEN changed_at END AS shipped_at,
                        CASE WHEN status = 'cancelled' AND change NOT IN ('deleted', 'vanished') THEN changed_at END AS cancelled_at
                   FROM since
                  UNION ALL
                 SELECT order_id, version, change, merchant_id, customer_id, status, currency, amount, items, placed_at, updated_at, sequence, place, paid_at, shipped_at, cancelled_at
                   FROM touched)
