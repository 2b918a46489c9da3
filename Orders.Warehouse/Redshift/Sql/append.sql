INSERT INTO touched_orders SELECT DISTINCT order_id FROM staged_changes;
INSERT INTO lake.orders_changes (
       order_id, change_id, version, change, merchant_id, customer_id, status, currency, amount, placed_at, changed_at, streamed_at, source, shard, sequence, is_ttl, item, day)
SELECT order_id, change_id, version, change, merchant_id, customer_id, status, currency, CAST(amount AS DECIMAL(20,8)), CAST(placed_at AS TIMESTAMP) AT TIME ZONE 'UTC',
       CAST(changed_at AS TIMESTAMP) AT TIME ZONE 'UTC', CAST(streamed_at AS TIMESTAMP) AT TIME ZONE 'UTC', source, shard, sequence, is_ttl, item, CAST(day AS DATE)
  FROM staged_changes;
INSERT INTO lake.order_items_changes (order_id, change_id, order_item_id, product_id, product_name, quantity, unit_price, day)
SELECT order_id, change_id, order_item_id, product_id, product_name, quantity, CAST(unit_price AS DECIMAL(20,8)), CAST(day AS DATE)
  FROM staged_items;
