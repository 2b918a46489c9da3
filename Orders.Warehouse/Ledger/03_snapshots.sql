-- Scans of the table that fill the log: at the start for a table that is older than its stream, and after a gap.
CREATE TABLE warehouse.snapshots (
    snapshot_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 'start', 'gap', 'asked'
    reason      text        NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Rises with every instance that runs it; a commit that names an older one fails.
    token       bigint      NOT NULL DEFAULT 0,
    -- All segments are read, and what is no longer there is written.
    finished_at timestamptz,
    -- It was not needed: the stream has everything.
    skipped     boolean     NOT NULL DEFAULT false,
    found       bigint      NOT NULL DEFAULT 0,
    vanished    bigint      NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX snapshots_running ON warehouse.snapshots ((true)) WHERE finished_at IS NULL;

CREATE TABLE warehouse.snapshot_segments (
    snapshot_id    bigint  NOT NULL REFERENCES warehouse.snapshots,
    segment        integer NOT NULL,
    total_segments integer NOT NULL,
    -- The key after which to go on; NULL at the beginning.
    next_key       text,
    -- The number of the next file.
    ordinal        integer NOT NULL DEFAULT 0,
    finished       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (snapshot_id, segment)
);
