-- Up to when all of a shard is known to be here. caught_up_at: it was asked for more at that time, had nothing, and all before it is applied. Of a shard that always has more, the service's own time of the last record applied (applied_to) says it: no writer's clock does. Where the service's clock is
-- not behind the database's, the two disagree, and it says nothing.
ALTER TABLE sync.shards ADD COLUMN applied_to timestamptz;
ALTER TABLE sync.shards
    ADD COLUMN as_of timestamptz GENERATED ALWAYS AS (greatest(caught_up_at, CASE WHEN applied_to < applied_at THEN applied_to END)) STORED;

-- As before, but that something was applied does not say that nothing more is left: what came before the batch, that nothing was, does.
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

-- An instance of the former version, while a new one is rolled out.
CREATE OR REPLACE FUNCTION sync.checkpoint(
    p_stream_arn text, p_shard_id text, p_fencing_token bigint,
    p_checkpoint text, p_finished boolean, p_records bigint, p_last_change_at timestamptz)
RETURNS void LANGUAGE sql AS $$
    SELECT sync.checkpoint(p_stream_arn, p_shard_id, p_fencing_token, p_checkpoint, p_finished, p_records, p_last_change_at, NULL, NULL)
$$;
