-- What a load brings. Numbers with a fraction and times are text, in a form that both sides read exactly; never TRUNCATE, which commits
-- in Redshift.
DROP TABLE IF EXISTS staged_changes;
CREATE TEMP TABLE staged_changes (
    order_id    VARCHAR(36),
    change_id   VARCHAR(80),
    version     BIGINT,
    change      VARCHAR(16),
    merchant_id VARCHAR(2048),
    customer_id VARCHAR(2048),
    status      VARCHAR(64),
    currency    VARCHAR(16),
    amount      VARCHAR(40),
    placed_at   VARCHAR(40),
    changed_at  VARCHAR(40),
    streamed_at VARCHAR(40),
    source      VARCHAR(16),
    shard       VARCHAR(256),
    sequence    VARCHAR(64),
    is_ttl      BOOLEAN,
    item        VARCHAR(65535),
    day         VARCHAR(10)
);
DROP TABLE IF EXISTS staged_items;
CREATE TEMP TABLE staged_items (
    order_id      VARCHAR(36),
    change_id     VARCHAR(80),
    order_item_id BIGINT,
    product_id    VARCHAR(2048),
    product_name  VARCHAR(8192),
    quantity      BIGINT,
    unit_price    VARCHAR(40),
    day           VARCHAR(10)
);
-- Orders whose newest state may change.
DROP TABLE IF EXISTS touched_orders;
CREATE TEMP TABLE touched_orders (order_id VARCHAR(36));
DROP TABLE IF EXISTS gone_orders;
CREATE TEMP TABLE gone_orders (order_id VARCHAR(36));
DROP TABLE IF EXISTS newest_orders;
CREATE TEMP TABLE newest_orders (
    order_id    VARCHAR(36),
    change      VARCHAR(16),
    merchant_id VARCHAR(2048),
    customer_id VARCHAR(2048),
    status      VARCHAR(64),
    currency    VARCHAR(16),
    amount      DECIMAL(20,8),
    placed_at   TIMESTAMPTZ,
    updated_at  TIMESTAMPTZ,
    version     BIGINT,
    change_id   VARCHAR(80)
);
