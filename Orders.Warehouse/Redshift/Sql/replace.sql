-- Days whose files were replaced by others with other rows: an erasure, or rows that were never loaded. They are loaded whole.
INSERT INTO touched_orders SELECT DISTINCT c.order_id FROM lake.orders_changes c JOIN replaced_days d ON d.day = c.day;
DELETE FROM lake.order_items_changes USING replaced_days WHERE lake.order_items_changes.day = replaced_days.day;
DELETE FROM lake.orders_changes USING replaced_days WHERE lake.orders_changes.day = replaced_days.day;
