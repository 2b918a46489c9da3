-- What the files that were squashed lack against those that took their place.
DROP FUNCTION IF EXISTS sync.checkpoint(text, text, bigint, text, boolean, bigint, timestamptz);

CREATE OR REPLACE FUNCTION sync.fence_snapshot(p_snapshot_id bigint, p_fencing_token bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sync.snapshots
      WHERE snapshot_id = p_snapshot_id AND fencing_token = p_fencing_token AND stopped_at IS NULL AND completed_at IS NULL
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'snapshot % is stopped, or no longer owned under fencing token %', p_snapshot_id, p_fencing_token
            USING ERRCODE = 'OR001';
    END IF;
END $$;

-- NOT VALID: rows of before are not looked at, and reconcile finds them.
ALTER TABLE orders
    ADD CONSTRAINT orders_placed_at CHECK (placed_at >= '0001-01-01Z' AND placed_at < '10000-01-01Z') NOT VALID,
    ADD CONSTRAINT orders_updated_at CHECK (updated_at >= '0001-01-01Z' AND updated_at < '10000-01-01Z') NOT VALID,
    ADD CONSTRAINT orders_amount CHECK (amount > '-Infinity' AND amount < 'Infinity') NOT VALID;
ALTER TABLE order_items
    ADD CONSTRAINT order_items_unit_price CHECK (unit_price > '-Infinity' AND unit_price < 'Infinity') NOT VALID;
ALTER TABLE customers
    ADD CONSTRAINT customers_first_order_at CHECK (first_order_at >= '0001-01-01Z' AND first_order_at < '10000-01-01Z') NOT VALID,
    ADD CONSTRAINT customers_last_order_at CHECK (last_order_at >= '0001-01-01Z' AND last_order_at < '10000-01-01Z') NOT VALID;
ALTER TABLE products
    ADD CONSTRAINT products_as_of CHECK (as_of >= '0001-01-01Z' AND as_of < '10000-01-01Z') NOT VALID,
    ADD CONSTRAINT products_unit_price CHECK (unit_price > '-Infinity' AND unit_price < 'Infinity') NOT VALID;
ALTER TABLE order_history
    ADD CONSTRAINT order_history_changed_at CHECK (changed_at >= '0001-01-01Z' AND changed_at < '10000-01-01Z') NOT VALID;
ALTER TABLE hourly_totals
    ADD CONSTRAINT hourly_totals_hour CHECK (hour >= '0001-01-01Z' AND hour < '10000-01-01Z') NOT VALID,
    ADD CONSTRAINT hourly_totals_amount CHECK (amount > '-Infinity' AND amount < 'Infinity') NOT VALID;
