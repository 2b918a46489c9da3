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

-- Records that could not be applied, whole, with the reason.
CREATE TABLE sync.dead_letters (
    dead_letter_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_arn      text        NOT NULL,
    shard_id        text        NOT NULL,
    sequence_number text        NOT NULL,
    event_id        text        NOT NULL,
    -- The item's key: later records of the same item wait behind this one.
    item_key        text        NOT NULL,
    -- The record as it came: JSON as bytes, because what is broken may be what Postgres' own JSON types refuse.
    record          bytea       NOT NULL,
    error           text        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (stream_arn, shard_id, sequence_number)
);

CREATE INDEX dead_letters_by_item ON sync.dead_letters (item_key, dead_letter_id);

-- Parts of the stream that were lost before they were read: trimmed records, vanished shards, replaced streams.
CREATE TABLE sync.gaps (
    gap_id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_arn  text        NOT NULL,
    shard_id    text        NOT NULL,
    reason      text        NOT NULL,
    -- The last sequence number that was applied before the gap, when there is one.
    after       text,
    detected_at timestamptz NOT NULL DEFAULT now(),
    healed_at   timestamptz
);

CREATE INDEX gaps_open ON sync.gaps (detected_at) WHERE healed_at IS NULL;
