-- What has no state any more, or is deleted, goes; the rest is merged.
DELETE FROM newest_orders WHERE change IN ('deleted', 'vanished');
INSERT INTO gone_orders SELECT DISTINCT t.order_id FROM touched_orders t LEFT JOIN newest_orders n ON n.order_id = t.order_id WHERE n.order_id IS NULL;
DELETE FROM lake.orders_current USING gone_orders WHERE lake.orders_current.order_id = gone_orders.order_id;
MERGE INTO lake.orders_current USING newest_orders AS n ON lake.orders_current.order_id = n.order_id
WHEN MATCHED THEN UPDATE SET
    merchant_id = n.merchant_id, customer_id = n.customer_id, status = n.status, currency = n.currency, amount = n.amount,
    placed_at = n.placed_at, updated_at = n.updated_at, version = n.version, change_id = n.change_id
WHEN NOT MATCHED THEN INSERT (order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version, change_id)
    VALUES (n.order_id, n.merchant_id, n.customer_id, n.status, n.currency, n.amount, n.placed_at, n.updated_at, n.version, n.change_id);
