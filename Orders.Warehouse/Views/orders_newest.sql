  FROM (SELECT order_id,
               arg_max_null(merchant_id, place) AS merchant_id,
               arg_max_null(customer_id, place) AS customer_id,
               -- NULL of an order that is deleted.
               arg_max_null(CASE WHEN change IN ('deleted', 'vanished') THEN NULL ELSE status END, place) AS status,
               arg_max_null(currency, place) AS currency,
               arg_max_null(amount, place) AS amount,
               arg_max_null(items, place) AS items,
               arg_max_null(placed_at, place) AS placed_at,
               arg_max_null(changed_at, place) AS updated_at,
               arg_max_null(version, place) AS version
