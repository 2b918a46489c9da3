         GROUP BY order_id)
 WHERE status IS NOT NULL
