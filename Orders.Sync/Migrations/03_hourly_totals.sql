-- Orders and amount for each merchant, hour and currency: of every order that exists and is not cancelled, in the UTC hour in which
-- it was placed. Deltas are not idempotent, so they are taken from what a statement really changed in `orders` (its transition
-- tables), in the same transaction: a row that the version guard refused adds nothing, and no writer of `orders` can forget them.

CREATE TABLE hourly_totals (
    merchant_id text        NOT NULL,
    hour        timestamptz NOT NULL CONSTRAINT hourly_totals_hour CHECK (hour >= '0001-01-01Z' AND hour < '10000-01-01Z'),
    currency    text        NOT NULL,
    orders      bigint      NOT NULL,
    amount      numeric     NOT NULL CONSTRAINT hourly_totals_amount CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    PRIMARY KEY (merchant_id, hour, currency)
);

-- Totals of every merchant together.
CREATE INDEX hourly_totals_by_hour ON hourly_totals (hour);

-- The hour of a time, for each row that the totals count: date_trunc looks the time zone up by its name every time, which costs ten
-- times as much.
CREATE FUNCTION sync.utc_hour(t timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin('1 hour', t, TIMESTAMPTZ '0001-01-01 00:00:00+00');

-- The rows of hourly_totals are shared by orders of all shards. What a statement adds to them is noted, and written when the transaction commits: all of it
-- by one statement, sorted by key. If each statement locked its rows until the commit, batches of two shards would wait for each other nearly from their
-- first statement on, and often in a circle, which costs a second and one of the batches. It is the same transaction still: none can commit without.

-- Makes the trigger below run at the end of each transaction that owes something. Outside of one it is empty: a crash loses nothing.
CREATE UNLOGGED TABLE sync.owed_totals (
    transaction_id xid8 PRIMARY KEY
);

-- What is owed is kept in a setting of the transaction, and not in rows, which would have to be vacuumed. A rollback to a savepoint takes back its part.
CREATE FUNCTION sync.write_owed_totals() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owed text := current_setting('sync.owed_totals', true);
BEGIN
    IF owed IS NULL OR owed = '' THEN
        RETURN;
    END IF;

    PERFORM set_config('sync.owed_totals', '', true);
    INSERT INTO hourly_totals AS t (merchant_id, hour, currency, orders, amount)
    SELECT m, h, c, sum(o), sum(a)
      FROM json_to_recordset(('[' || owed || ']')::json) AS delta (m text, h timestamptz, c text, o bigint, a numeric)
     GROUP BY m, h, c
    HAVING sum(o) <> 0 OR sum(a) <> 0
     ORDER BY m, h, c
    ON CONFLICT (merchant_id, hour, currency) DO UPDATE
       SET orders = t.orders + excluded.orders, amount = t.amount + excluded.amount;
END $$;

CREATE FUNCTION sync.settle_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sync.owed_totals WHERE transaction_id = NEW.transaction_id;
    PERFORM sync.write_owed_totals();
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER settle_totals AFTER INSERT ON sync.owed_totals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sync.settle_totals();

-- deltas: JSON objects with commas between them; null for none.
CREATE FUNCTION sync.owe_totals(deltas text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owed text := current_setting('sync.owed_totals', true);
BEGIN
    IF deltas IS NULL THEN
        RETURN;
    END IF;

    IF owed IS NULL OR owed = '' THEN
        INSERT INTO sync.owed_totals VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
        PERFORM set_config('sync.owed_totals', deltas, true);
    ELSE
        PERFORM set_config('sync.owed_totals', owed || ',' || deltas, true);
    END IF;

    -- Whoever changes thousands of orders by a statement each does not copy all that is owed with each of them.
    IF length(owed) > 100000 THEN
        PERFORM sync.write_owed_totals();
    END IF;
END $$;

CREATE FUNCTION sync.add_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sync.owe_totals(string_agg(json_build_object('m', merchant_id, 'h', hour, 'c', currency, 'o', orders, 'a', amount)::text, ','))
       FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, count(*) AS orders, sum(amount) AS amount
               FROM new_rows
              WHERE status <> 'cancelled'
              GROUP BY 1, 2, 3) AS delta;
    RETURN NULL;
END $$;

CREATE FUNCTION sync.change_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sync.owe_totals(string_agg(json_build_object('m', merchant_id, 'h', hour, 'c', currency, 'o', orders, 'a', amount)::text, ','))
       FROM (SELECT merchant_id, hour, currency, sum(orders) AS orders, sum(amount) AS amount
               FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, 1 AS orders, amount FROM new_rows WHERE status <> 'cancelled'
                     UNION ALL
                     SELECT merchant_id, sync.utc_hour(placed_at), currency, -1, -amount FROM old_rows WHERE status <> 'cancelled') AS each
              GROUP BY 1, 2, 3
             HAVING sum(orders) <> 0 OR sum(amount) <> 0) AS delta;
    RETURN NULL;
END $$;

CREATE FUNCTION sync.remove_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sync.owe_totals(string_agg(json_build_object('m', merchant_id, 'h', hour, 'c', currency, 'o', orders, 'a', amount)::text, ','))
       FROM (SELECT merchant_id, sync.utc_hour(placed_at) AS hour, currency, -count(*) AS orders, -sum(amount) AS amount
               FROM old_rows
              WHERE status <> 'cancelled'
              GROUP BY 1, 2, 3) AS delta;
    RETURN NULL;
END $$;

CREATE TRIGGER add_totals AFTER INSERT ON orders
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.add_totals();
CREATE TRIGGER change_totals AFTER UPDATE ON orders
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.change_totals();
CREATE TRIGGER remove_totals AFTER DELETE ON orders
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sync.remove_totals();
