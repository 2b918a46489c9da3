-- Parts of the stream that were lost before they were read: trimmed records, vanished shards, replaced streams.
CREATE TABLE sync.gaps (
    gap_id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_arn  text        NOT NULL,
    shard_id    text        NOT NULL,
    reason      text        NOT NULL,
    -- The last sequence number that was applied before the gap, when there is one.
    after       text,
    detected_at timestamptz NOT NULL DEFAULT now(),
    healed_at   timestamptz
);

CREATE INDEX gaps_open ON sync.gaps (detected_at) WHERE healed_at IS NULL;
