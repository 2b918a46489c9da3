-- Whether the changes of a live file are in the newest stored state of the orders.
ALTER TABLE warehouse.files ADD COLUMN is_covered boolean NOT NULL DEFAULT false;

-- The stored states: the newest state of each order, from the files that it covers. It is noted before its files are written; readers take
-- the one with the highest number from the moment when its last object is in the lake, the one that names what it covers.
CREATE TABLE warehouse.order_states (
    number        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state         text        NOT NULL DEFAULT 'noted' CHECK (state IN ('noted', 'live', 'superseded')),
    -- The paths of its rows' files. Two states may share them, when only files of the log were replaced.
    files         text[]      NOT NULL DEFAULT '{}',
    rows          bigint      NOT NULL DEFAULT 0,
    -- The paths of the log's files whose changes are in it.
    covers        text[]      NOT NULL,
    noted_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    live_at       timestamptz,
    superseded_at timestamptz
);
