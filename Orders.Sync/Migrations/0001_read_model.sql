-- The relational read model. No foreign keys: the stream orders the changes of one item only, so a row may arrive before another
-- that it names.

CREATE TABLE orders (
    order_id    uuid        PRIMARY KEY,
    merchant_id text        NOT NULL,
    customer_id text,
    status      text        NOT NULL,
    currency    text        NOT NULL,
    amount      numeric     NOT NULL,
    placed_at   timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    version     bigint      NOT NULL
);

-- Keyset pages, newest first: one index for each leading filter, read backwards.
CREATE INDEX orders_by_time     ON orders (placed_at, order_id);
CREATE INDEX orders_by_merchant ON orders (merchant_id, placed_at, order_id);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at, order_id) WHERE customer_id IS NOT NULL;

CREATE TABLE order_items (
    order_id      uuid    NOT NULL,
    order_item_id integer NOT NULL,
    product_id    text    NOT NULL,
    product_name  text    NOT NULL,
    quantity      integer NOT NULL,
    -- The price at purchase: a later price change does not reach it.
    unit_price    numeric NOT NULL,
    PRIMARY KEY (order_id, order_item_id)
);

-- Customers and products belong to a merchant: two merchants may use one id for two things.
CREATE TABLE customers (
    merchant_id    text        NOT NULL,
    customer_id    text        NOT NULL,
    first_order_at timestamptz NOT NULL,
    last_order_at  timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, customer_id)
);

CREATE TABLE products (
    merchant_id  text        NOT NULL,
    product_id   text        NOT NULL,
    product_name text        NOT NULL,
    -- As in the newest order that has the product.
    unit_price   numeric     NOT NULL,
    currency     text        NOT NULL,
    as_of        timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, product_id)
);

CREATE TABLE order_history (
    order_id    uuid        NOT NULL,
    version     bigint      NOT NULL,
    merchant_id text        NOT NULL,
    -- 'placed', 'changed' or 'deleted'
    change      text        NOT NULL,
    changed_at  timestamptz NOT NULL,
    -- The rendered order as of this version; of a deletion, the last there was.
    body        json        NOT NULL,
    PRIMARY KEY (order_id, version)
);
