-- Orders and amount for each merchant, hour and currency: of every order that exists and is not cancelled, in the UTC hour in which
-- it was placed. Deltas are not idempotent, so they are taken from what a statement really changed in `orders` (its transition
-- tables), in the same transaction: a row that the version guard refused adds nothing, and no writer of `orders` can forget them.

CREATE TABLE hourly_totals (
    merchant_id text        NOT NULL,
    hour        timestamptz NOT NULL,
    currency    text        NOT NULL,
    orders      bigint      NOT NULL,
    amount      numeric     NOT NULL,
    PRIMARY KEY (merchant_id, hour, currency)
);

CREATE FUNCTION sync.utc_hour(t timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_trunc('hour', t, 'UTC');

-- Each function sorts its rows by key, so that two transactions take their row locks in one order.
CREATE FUNCTION sync.add_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, count(*), sum(amount)
      FROM new_rows
     WHERE status <> 'cancelled'
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;

CREATE FUNCTION sync.change_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, hour, currency, sum(orders), sum(amount)
      FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, 1 AS orders, amount FROM new_rows WHERE status <> 'cancelled'
            UNION ALL
            SELECT merchant_id, sync.utc_hour(placed_at), currency, -1, -amount FROM old_rows WHERE status <> 'cancelled') AS delta
     GROUP BY 1, 2, 3
    HAVING sum(orders) <> 0 OR sum(amount) <> 0
     ORDER BY 1, 2, 3
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;

CREATE FUNCTION sync.remove_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, -count(*), -sum(amount)
      FROM old_rows
     WHERE status <> 'cancelled'
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
    RETURN NULL;
END $$;

CREATE TRIGGER add_totals AFTER INSERT ON orders
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.add_totals();
CREATE TRIGGER change_totals AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.change_totals();
CREATE TRIGGER remove_totals AFTER DELETE ON orders
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.remove_totals();
