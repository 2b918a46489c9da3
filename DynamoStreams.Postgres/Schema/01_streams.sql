CREATE SCHEMA IF NOT EXISTS sync;

-- The streams of each table. Re-enabling a table's stream makes another; it waits until those before it are drained.
CREATE TABLE sync.streams (
    stream_arn    text        PRIMARY KEY,
    table_name    text        NOT NULL,
    -- When the service made it, as the service writes it; sorts by time.
    label         text        NOT NULL,
    -- Its turn has come: its shards may be read.
    begun         boolean     NOT NULL DEFAULT false,
    -- Listings in a row that lacked it although they had a newer one.
    missing       integer     NOT NULL DEFAULT 0,
    discovered_at timestamptz NOT NULL DEFAULT now(),
    -- Whether the last listing had it as one that gets no more records: its shards are to end then, and count as behind until they have.
    is_disabled   boolean     NOT NULL DEFAULT false
);

CREATE INDEX streams_by_table ON sync.streams (table_name);

-- One lister among all instances: whoever moves due_at ahead lists. DescribeStream allows 10 calls a second, for all of them together.
CREATE TABLE sync.listings (
    table_name    text        PRIMARY KEY,
    due_at        timestamptz NOT NULL,
    listed_at     timestamptz,
    -- A listing of very many shards takes longer than the interval between two: until then no other instance begins one, or all of them
    -- would share the ten calls a second and none would end.
    claimed_until timestamptz NOT NULL DEFAULT '-infinity'
);
