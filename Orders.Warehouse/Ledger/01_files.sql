-- Each day of each log has a generation: the number of times that its files were replaced by compacted ones. Whoever notes a file reads it
-- under a shared lock; a compaction takes the row for itself, so that it never begins while files of that day are on their way.
CREATE TABLE warehouse.log_days (
    log        text    NOT NULL,
    day        date    NOT NULL,
    generation integer NOT NULL DEFAULT 0,
    PRIMARY KEY (log, day)
);

-- Every object that was ever to be written into the lake. It is noted before it is written, so that after a crash the same range is written
-- again under the same name; it is live in the same transaction that moves the checkpoint of its source past its range.
CREATE TABLE warehouse.files (
    path          text        PRIMARY KEY,
    -- 'orders_changes', '<table>_changes', 'quarantine'
    log           text        NOT NULL,
    day           date        NOT NULL,
    -- That of the day when it was noted.
    generation    integer     NOT NULL,
    -- Whether it replaces the older generations of its day (a compaction): readers then pass over those.
    replaces      boolean     NOT NULL DEFAULT false,
    -- Where its rows come from: 'stream/<arn>/<shard>', 'slot/<name>', 'snapshot/<number>/<segment>', 'compact/<number>', 'requeue/<number>'
    source        text        NOT NULL,
    -- The range of the source in it, as the source writes its places.
    first_place   text        NOT NULL,
    last_place    text        NOT NULL,
    state         text        NOT NULL DEFAULT 'noted' CHECK (state IN ('noted', 'live', 'superseded')),
    rows          bigint      NOT NULL,
    bytes         bigint,
    -- The largest commit time of a change in it, by its source's clock.
    changed_to    timestamptz,
    noted_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Of a compacted file: when it was whole in the lake. It is live a little later.
    written_at    timestamptz,
    live_at       timestamptz,
    superseded_at timestamptz
);

CREATE INDEX files_noted ON warehouse.files (source) WHERE state = 'noted';
CREATE INDEX files_by_day ON warehouse.files (log, day, generation);
CREATE INDEX files_superseded ON warehouse.files (superseded_at) WHERE state = 'superseded';
