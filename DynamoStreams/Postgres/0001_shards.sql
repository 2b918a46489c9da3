-- What the consumer knows of each shard: its place in the lineage, how far it is applied, and who may apply it.
CREATE SCHEMA IF NOT EXISTS sync;

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
    -- When the owner last found nothing left to read, or applied something; kept fresh by the owner's heartbeat.
    caught_up_at    timestamptz,
    discovered_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream_arn, shard_id)
);

CREATE INDEX shards_open ON sync.shards (stream_arn) WHERE finished_at IS NULL;

-- The fence and the checkpoint in one: called inside the transaction that applies a batch, it locks the shard's row until that
-- transaction ends, so that a new owner's first transaction waits for an old owner's last, and an old owner's next one fails.
-- The advisory lock blocks nobody: it shows which backend holds the row, should its client freeze in the middle (sync.evict).
CREATE FUNCTION sync.checkpoint(
    p_stream_arn text, p_shard_id text, p_fencing_token bigint,
    p_checkpoint text, p_finished boolean, p_records bigint, p_last_change_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(25715, hashtext(p_stream_arn || p_shard_id));
    UPDATE sync.shards
       SET checkpoint     = coalesce(p_checkpoint, checkpoint),
           finished_at    = CASE WHEN p_finished THEN clock_timestamp() ELSE finished_at END,
           records        = records + p_records,
           last_change_at = coalesce(p_last_change_at, last_change_at),
           applied_at     = CASE WHEN p_records > 0 THEN clock_timestamp() ELSE applied_at END,
           caught_up_at   = clock_timestamp()
     WHERE stream_arn = p_stream_arn
       AND shard_id = p_shard_id
       AND fencing_token = p_fencing_token
       AND finished_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'shard % is no longer owned under fencing token %', p_shard_id, p_fencing_token
            USING ERRCODE = 'DS001';
    END IF;
END $$;
