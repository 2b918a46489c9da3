-- Snapshots: scans of the whole table beside the running stream. They fill an empty read model, heal what the stream lost, and rebuild.

CREATE TABLE sync.snapshots (
    snapshot_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 'snapshot' writes what is missing or older here; 'rebuild' also replaces what differs and computes again what is derived.
    kind           text        NOT NULL,
    -- Why it was begun, for a person.
    reason         text        NOT NULL,
    -- What the service said the table holds: an estimate, hours old on AWS.
    expected_items bigint      NOT NULL,
    -- The stream's shards were written down before it began, so that nothing can fall between the two.
    beside_stream  boolean     NOT NULL,
    started_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Removal goes through the orders by id; it has come this far.
    swept_to       uuid,
    swept_at       timestamptz,
    removed        bigint      NOT NULL DEFAULT 0,
    replaced       bigint      NOT NULL DEFAULT 0,
    completed_at   timestamptz,
    -- Somebody asked it to stop; it goes on when somebody asks for it again.
    stopped_at     timestamptz,
    -- One instance at a time runs it, as with a shard: the token rises with every owner, the database's clock rules.
    owner          text,
    fencing_token  bigint      NOT NULL DEFAULT 0,
    leased_until   timestamptz
);

-- At most one is open, whoever begins it.
CREATE UNIQUE INDEX snapshots_open ON sync.snapshots ((true)) WHERE completed_at IS NULL;

CREATE TABLE sync.snapshot_segments (
    snapshot_id bigint  NOT NULL REFERENCES sync.snapshots ON DELETE CASCADE,
    segment     integer NOT NULL,
    -- The key after which the next page begins; NULL: at the segment's beginning.
    next_key    text,
    items       bigint  NOT NULL DEFAULT 0,
    orders      bigint  NOT NULL DEFAULT 0,
    written     bigint  NOT NULL DEFAULT 0,
    broken      bigint  NOT NULL DEFAULT 0,
    finished_at timestamptz,
    PRIMARY KEY (snapshot_id, segment)
);

-- Items that say they are orders and are not, or that these tables refuse. A record of the stream that is no good is a dead letter; an item
-- found by a scan has no place in the stream's order, so it is only reported.
CREATE TABLE sync.snapshot_faults (
    snapshot_id bigint NOT NULL REFERENCES sync.snapshots ON DELETE CASCADE,
    item_key    text   NOT NULL,
    error       text   NOT NULL,
    PRIMARY KEY (snapshot_id, item_key)
);

-- The orders that the open snapshot has met. Whoever is missing here is looked up in the table before it is removed, so that losing
-- this list in a crash, which is what UNLOGGED risks, costs reads and nothing else.
CREATE UNLOGGED TABLE sync.snapshot_seen (
    snapshot_id bigint NOT NULL,
    order_id    uuid   NOT NULL,
    PRIMARY KEY (snapshot_id, order_id)
);

-- The gate between the stream and whoever writes orders from the table. A scanned item is old: between its tombstone check and its
-- insert, the stream could commit the deletion, and the order would be back for good. So every batch of the stream shares the gate, and
-- a page of a snapshot has it alone for its short transaction: it then sees every deletion that is committed, and none can be committed
-- meanwhile. It also means that the two never lock the same rows in different orders.
CREATE FUNCTION sync.share_gate() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_xact_lock_shared(7021792700419563369)';

-- Who waits for it makes later batches wait behind it: should one batch take long, they go first, and it tries again.
CREATE FUNCTION sync.close_gate() RETURNS void LANGUAGE sql SET lock_timeout = '1s' AS 'SELECT pg_advisory_xact_lock(7021792700419563369)';

-- A checkpoint is the first statement of every batch: who moves one passes the gate, and no writer of batches can forget it. The
-- statements that follow see what was committed before the gate opened, since each takes its own look at the data.
CREATE FUNCTION sync.pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sync.share_gate();
    RETURN NULL;
END $$;

CREATE TRIGGER pass_gate BEFORE UPDATE OF checkpoint ON sync.shards
    FOR EACH STATEMENT EXECUTE FUNCTION sync.pass_gate();

-- The fence of a snapshot: a transaction that names an older token, or comes after the stop, cannot commit.
CREATE FUNCTION sync.fence_snapshot(p_snapshot_id bigint, p_fencing_token bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sync.snapshots
      WHERE snapshot_id = p_snapshot_id AND fencing_token = p_fencing_token AND stopped_at IS NULL AND completed_at IS NULL
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'snapshot % is stopped, or no longer owned under fencing token %', p_snapshot_id, p_fencing_token
            USING ERRCODE = 'OR001';
    END IF;
END $$;
