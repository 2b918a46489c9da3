-- Records that could not be applied, whole, with the reason; and behind each the later records of the same item, which wait for it in order.
CREATE TABLE sync.dead_letters (
    dead_letter_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_arn      text        NOT NULL,
    shard_id        text        NOT NULL,
    sequence_number text        NOT NULL,
    event_id        text        NOT NULL,
    item_key        text        NOT NULL,
    -- Whose item it is, by the handler's own rule; NULL where it cannot tell.
    tenant          text,
    -- The record as it came: JSON as bytes, because what is broken may be what Postgres' own JSON types refuse.
    record          bytea       NOT NULL,
    -- NULL: it was not tried, it waits behind an earlier record of its item.
    error           text,
    attempts        integer     NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    attempted_at    timestamptz,
    UNIQUE (stream_arn, shard_id, sequence_number)
);

-- An item's letters in their order, which is that of the stream.
CREATE INDEX dead_letters_by_item   ON sync.dead_letters (item_key, dead_letter_id);
CREATE INDEX dead_letters_by_tenant ON sync.dead_letters (tenant, dead_letter_id);

-- The items that have dead letters: what every batch is checked against, and the row that those lock who add to an item's letters or redrive
-- them, so that none can be added behind the back of a redrive that has just applied the last.
CREATE TABLE sync.blocked_items (
    item_key   text        PRIMARY KEY,
    blocked_at timestamptz NOT NULL DEFAULT now()
);

-- Refuses a batch that would apply a record past an earlier one of its item. Costs one probe of an empty table when there are no dead letters,
-- else one look-up for each item. A plan that was made and kept while there were a handful would go on reading the whole table for each item
-- when there are thousands: hence the index, whatever the planner believes.
CREATE FUNCTION sync.refuse_if_blocked(p_item_keys text[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sync.blocked_items) THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT
                 FROM unnest(p_item_keys) AS k (item_key)
                WHERE (SELECT true FROM sync.blocked_items AS b WHERE b.item_key = k.item_key LIMIT 1)) THEN
        RAISE EXCEPTION 'records of this batch must wait behind a dead letter' USING ERRCODE = 'DS002';
    END IF;
END $$;
