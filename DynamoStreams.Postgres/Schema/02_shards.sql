-- What the consumer knows of each shard: its place in the lineage, how far it is applied, and who may apply it.
CREATE TABLE sync.shards (
    stream_arn      text        NOT NULL,
    shard_id        text        NOT NULL,
    parent_shard_id text,
    -- Sequence number of the last record whose effect is committed; NULL: nothing yet, start at TRIM_HORIZON.
    checkpoint      text,
    -- The end of the shard is reached and committed. The row stays until the shard's children are finished too.
    finished_at     timestamptz,
    owner           text,
    -- Rises with every change of owner; a transaction that names an older one cannot commit.
    fencing_token   bigint      NOT NULL DEFAULT 0,
    -- The lease holds until then, and beyond it for as long as its owner is alive in sync.instances. Kept ahead by the owner's heartbeat,
    -- except while a batch has the row locked. When nobody owns the shard: since when it is free. The database's clock rules: no instance
    -- compares its own clock with another's.
    leased_until    timestamptz,
    records         bigint      NOT NULL DEFAULT 0,
    -- The item's own time of the last record applied, and when that was committed: their difference is the lag.
    last_change_at  timestamptz,
    applied_at      timestamptz,
    -- When the owner last asked for more, got nothing, and had applied all before it.
    caught_up_at    timestamptz,
    discovered_at   timestamptz NOT NULL DEFAULT now(),
    -- The service's own time of the last record applied. No writer's clock is in it.
    applied_to      timestamptz,
    -- Up to when all of the shard is known to be here: caught_up_at, or, of a shard that always has more, applied_to. Where the service's
    -- clock is not behind the database's, the two disagree, and applied_to says nothing.
    as_of           timestamptz GENERATED ALWAYS AS (greatest(caught_up_at, CASE WHEN applied_to < applied_at THEN applied_to END)) STORED,
    PRIMARY KEY (stream_arn, shard_id)
);

CREATE INDEX shards_open ON sync.shards (stream_arn) WHERE finished_at IS NULL;

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

-- The fence and the checkpoint in one: called inside the transaction that applies a batch, it locks the shard's row until that
-- transaction ends, so that a new owner's first transaction waits for an old owner's last, and an old owner's next one fails.
-- The advisory lock blocks nobody: it shows which backend holds the row, should its client freeze in the middle (sync.evict).
-- That something was applied does not say that nothing more is left: p_since_empty, how long ago an answer had nothing more, does.
CREATE FUNCTION sync.checkpoint(
    p_stream_arn text, p_shard_id text, p_fencing_token bigint,
    p_checkpoint text, p_finished boolean, p_records bigint, p_last_change_at timestamptz, p_applied_to timestamptz, p_since_empty interval)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(25715, hashtext(p_stream_arn || p_shard_id));
    UPDATE sync.shards
       SET checkpoint     = coalesce(p_checkpoint, checkpoint),
           finished_at    = CASE WHEN p_finished THEN clock_timestamp() ELSE finished_at END,
           records        = records + p_records,
           last_change_at = coalesce(p_last_change_at, last_change_at),
           applied_at     = CASE WHEN p_records > 0 THEN clock_timestamp() ELSE applied_at END,
           applied_to     = coalesce(p_applied_to, applied_to),
           caught_up_at   = greatest(caught_up_at, clock_timestamp() - p_since_empty)
     WHERE stream_arn = p_stream_arn
       AND shard_id = p_shard_id
       AND fencing_token = p_fencing_token
       AND finished_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'shard % is no longer owned under fencing token %', p_shard_id, p_fencing_token
            USING ERRCODE = 'DS001';
    END IF;
END $$;
