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
