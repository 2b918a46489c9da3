-- A deleted order leaves its version here, so that an older record that comes late cannot bring it back. Kept far longer than the
-- 24 hours that the stream remembers.
CREATE TABLE sync.tombstones (
    order_id    uuid        PRIMARY KEY,
    merchant_id text        NOT NULL,
    version     bigint      NOT NULL,
    deleted_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX tombstones_by_age ON sync.tombstones (deleted_at);

-- Orders whose change is committed here but perhaps not yet in Redis. A batch lists its orders in its own transaction, and strikes
-- them out once Redis has them; what a crash or an absent Redis leaves behind is repaired from `orders`.
CREATE TABLE sync.cache_repairs (
    repair_id  uuid        PRIMARY KEY,
    order_ids  uuid[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX cache_repairs_by_age ON sync.cache_repairs (created_at);
