-- The tables and views. Redshift has no constraint that it would check: each row is there once because what is loaded is written in
-- the transaction that loads it. Distribution and sort keys are left to Redshift (AUTO).
CREATE SCHEMA IF NOT EXISTS lake;

-- The files of the lake whose rows are here.
CREATE TABLE IF NOT EXISTS lake.loaded_files (
    path       VARCHAR(1024) NOT NULL,
    day        DATE          NOT NULL,
    generation INTEGER       NOT NULL,
    file_rows  BIGINT        NOT NULL,
    -- Follows from its rows, in whatever order: a file that replaces others holds the same rows when their digests together are its own.
    digest     VARCHAR(20)   NOT NULL,
    loaded_at  TIMESTAMPTZ   NOT NULL
);

-- The same of the logs of SQL tables.
CREATE TABLE IF NOT EXISTS lake.loaded_table_files (
    path       VARCHAR(1024) NOT NULL,
    day        DATE          NOT NULL,
    generation INTEGER       NOT NULL,
    file_rows  BIGINT        NOT NULL,
    digest     VARCHAR(20)   NOT NULL,
    loaded_at  TIMESTAMPTZ   NOT NULL
);

-- The columns that the tables of those logs have.
CREATE TABLE IF NOT EXISTS lake.table_columns (
    log         VARCHAR(256) NOT NULL,
    column_name VARCHAR(256) NOT NULL,
    -- Its type, and how values are written in it. When it is to be another one, the log is loaded anew.
    description VARCHAR(256) NOT NULL
);

-- The files that could not be loaded. After three tries one is set aside; to try it again, delete its row.
CREATE TABLE IF NOT EXISTS lake.failed_files (
    path      VARCHAR(1024) NOT NULL,
    tries     INTEGER       NOT NULL,
    reason    VARCHAR(4096) NOT NULL,
    failed_at TIMESTAMPTZ   NOT NULL
);

-- Every change of every order, once.
CREATE TABLE IF NOT EXISTS lake.orders_changes (
    order_id    VARCHAR(36)   NOT NULL,
    -- Unique among those of its order.
    change_id   VARCHAR(80)   NOT NULL,
    version     BIGINT,
    change      VARCHAR(16)   NOT NULL,
    merchant_id VARCHAR(2048),
    customer_id VARCHAR(2048),
    status      VARCHAR(64),
    currency    VARCHAR(16),
    amount      DECIMAL(20,8),
    placed_at   TIMESTAMPTZ,
    changed_at  TIMESTAMPTZ   NOT NULL,
    streamed_at TIMESTAMPTZ   NOT NULL,
    source      VARCHAR(16)   NOT NULL,
    shard       VARCHAR(256),
    sequence    VARCHAR(64),
    is_ttl      BOOLEAN,
    -- The raw image as DynamoDB JSON; NULL when it has more than 65 535 bytes, which no column holds. The lake has it.
    item        VARCHAR(65535),
    day         DATE          NOT NULL
);

-- The lines of each change.
CREATE TABLE IF NOT EXISTS lake.order_items_changes (
    order_id      VARCHAR(36)   NOT NULL,
    change_id     VARCHAR(80)   NOT NULL,
    order_item_id BIGINT        NOT NULL,
    product_id    VARCHAR(2048),
    product_name  VARCHAR(8192),
    quantity      BIGINT,
    unit_price    DECIMAL(20,8),
    day           DATE          NOT NULL
);

-- The newest state of each order that is not deleted.
CREATE TABLE IF NOT EXISTS lake.orders_current (
    order_id    VARCHAR(36)   NOT NULL,
    merchant_id VARCHAR(2048),
    customer_id VARCHAR(2048),
    status      VARCHAR(64),
    currency    VARCHAR(16),
    amount      DECIMAL(20,8),
    placed_at   TIMESTAMPTZ,
    updated_at  TIMESTAMPTZ,
    version     BIGINT,
    change_id   VARCHAR(80)   NOT NULL
);

-- Each version of each order with the time in which it held.
CREATE OR REPLACE VIEW lake.orders_history AS
SELECT order_id, version, change, merchant_id, customer_id, status, currency, amount, placed_at, changed_at AS valid_from,
       lead(changed_at) OVER (PARTITION BY order_id ORDER BY place) AS valid_to,
       CASE WHEN change IN ('deleted', 'vanished') THEN false ELSE lead(changed_at) OVER (PARTITION BY order_id ORDER BY place) IS NULL END AS is_current,
       CASE WHEN change IN ('deleted', 'vanished') THEN changed_at END AS deleted_at, change_id
  FROM (SELECT c.*, row_number() OVER (PARTITION BY c.order_id, c.version ORDER BY CASE WHEN c.sequence IS NULL THEN 1 ELSE 0 END, c.streamed_at) AS n,
               coalesce(c.sequence, coalesce(p.sequence, ' ') || '~' || lpad(CAST(c.version AS VARCHAR(20)), 20, '0')) AS place
          FROM lake.orders_changes c
          -- A row of a snapshot stands behind the changes of lower versions.
          LEFT JOIN (SELECT f.order_id, f.version, max(s.sequence) AS sequence
                       FROM (SELECT DISTINCT order_id, version FROM lake.orders_changes WHERE sequence IS NULL) f
                       JOIN lake.orders_changes s ON s.order_id = f.order_id AND s.version < f.version AND s.sequence IS NOT NULL
                      GROUP BY f.order_id, f.version) p
            ON p.order_id = c.order_id AND p.version = c.version AND c.sequence IS NULL) placed
 WHERE sequence IS NOT NULL OR n = 1;

CREATE OR REPLACE VIEW lake.order_items_current AS
SELECT i.order_id, i.order_item_id, c.merchant_id, c.status, c.currency, c.placed_at, i.product_id, i.product_name, i.quantity, i.unit_price
  FROM lake.orders_current c JOIN lake.order_items_changes i ON i.order_id = c.order_id AND i.change_id = c.change_id;

-- Hours of UTC.
CREATE OR REPLACE VIEW lake.orders_hourly AS
SELECT merchant_id, date_trunc('hour', placed_at AT TIME ZONE 'UTC') AS hour, currency, count(*) AS orders, sum(amount) AS amount
  FROM lake.orders_current
 GROUP BY 1, 2, 3;
