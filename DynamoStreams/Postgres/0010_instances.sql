-- Who shares a table's shards. A row for each running instance: one without leases must be seen too, or it never gets a share.
CREATE TABLE sync.instances (
    owner       text        PRIMARY KEY,
    table_name  text        NOT NULL,
    -- Pushed ahead by heartbeats; all leases of the instance hold at least as long. This row is never locked by a batch, as a shard's is:
    -- otherwise a long batch would let its own lease run out.
    alive_until timestamptz NOT NULL,
    joined_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX instances_by_table ON sync.instances (table_name);

CREATE FUNCTION sync.is_free(p_owner text, p_leased_until timestamptz) RETURNS boolean LANGUAGE sql AS $$
    SELECT p_owner IS NULL
        OR (p_leased_until < clock_timestamp()
            AND NOT EXISTS (SELECT FROM sync.instances WHERE owner = p_owner AND alive_until >= clock_timestamp()))
$$;

-- Ends the transactions that hold a shard's row although its owner is gone: a process that froze while it sent a batch keeps its locks
-- for ever, since the server waits for the rest and no time-out of Postgres 15 and 16 counts in the middle of a pipeline.
CREATE FUNCTION sync.evict(p_stream_arn text, p_shard_id text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(pg_terminate_backend(l.pid))
      FROM pg_locks AS l
     WHERE l.locktype = 'advisory'
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid = 25715
       AND l.objid::bigint = hashtext(p_stream_arn || p_shard_id)::bigint & 4294967295
       AND l.objsubid = 2
       AND l.pid <> pg_backend_pid()
       AND EXISTS (SELECT FROM sync.shards AS s
                    WHERE s.stream_arn = p_stream_arn AND s.shard_id = p_shard_id AND sync.is_free(s.owner, s.leased_until))
$$;
