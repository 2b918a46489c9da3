-- A deleted order leaves its version and place here, so that an older record that comes late cannot bring it back. Kept far longer than
-- the 24 hours that the stream remembers.
CREATE TABLE sync.tombstones (
    order_id    uuid        PRIMARY KEY,
    merchant_id text        NOT NULL,
    version     bigint      NOT NULL,
    deleted_at  timestamptz NOT NULL DEFAULT now(),
    place       numeric
);

CREATE INDEX tombstones_by_age ON sync.tombstones (deleted_at);

-- Orders of which a record came that is neither surely later nor surely earlier than what is here: the table is asked, soon.
CREATE TABLE sync.doubtful_orders (
    order_id uuid        PRIMARY KEY,
    -- The last transaction that noted it: who has asked for an earlier one does not strike it out.
    noted_by xid8        NOT NULL DEFAULT pg_current_xact_id(),
    noted_at timestamptz NOT NULL DEFAULT now()
);

-- When some were settled last: whether they are looked up at all.
CREATE TABLE sync.doubts_settled (
    settled_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX doubts_settled_one ON sync.doubts_settled ((true));
INSERT INTO sync.doubts_settled VALUES (now());

-- Changes of the stream that were passed over, since they were not surely later than what is here: counted by cause.
CREATE TABLE sync.passed_over (
    cause         text        PRIMARY KEY,
    changes       bigint      NOT NULL,
    last_order_id uuid        NOT NULL,
    last_at       timestamptz NOT NULL
);
