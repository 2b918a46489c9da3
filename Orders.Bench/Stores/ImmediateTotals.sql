-- The hourly totals as a statement of a rival keeps them that knows of no other shard: written at once. Ours are written at the commit.
CREATE OR REPLACE FUNCTION sync.add_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, sync.utc_hour(placed_at), currency, count(*), sum(amount)
      FROM new_rows
     WHERE status <> 'cancelled'
     GROUP BY 1, 2, 3
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sync.change_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, hour, currency, sum(orders), sum(amount)
      FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, 1 AS orders, amount FROM new_rows WHERE status <> 'cancelled'
            UNION ALL
            SELECT merchant_id, sync.utc_hour(placed_at), currency, -1, -amount FROM old_rows WHERE status <> 'cancelled') AS delta
     GROUP BY 1, 2, 3
    HAVING sum(orders) <> 0 OR sum(amount) <> 0
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION sync.remove_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, sync.utc_hour(placed_at), currency, -count(*), -sum(amount)
      FROM old_rows
     WHERE status <> 'cancelled'
     GROUP BY 1, 2, 3
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;
