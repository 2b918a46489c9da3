-- The slot that reads the tables that SQL owns. Its row is its lease, too: one instance at a time reads the slot, makes snapshots and
-- writes; epoch is the fencing token.
CREATE TABLE warehouse.slots (
    name           text        PRIMARY KEY,
    -- Null until there is one.
    publication    oid,
    -- When the slot was made, and its consistent point (16 hex digits); null while there is none.
    made_at        timestamptz,
    made_lsn       text,
    -- The place of the last change that is stored: commit LSN (16 hex digits) - ordinal (12 digits). Empty for none.
    position       text        NOT NULL DEFAULT '',
    holder         text,
    epoch          bigint      NOT NULL DEFAULT 0,
    held_until     timestamptz NOT NULL DEFAULT '-infinity',
    -- Everything that was committed by then is stored.
    caught_up_at   timestamptz,
    -- The commit time of the last change that is stored.
    last_change_at timestamptz,
    -- Why nothing is read, as the holder last said; null when it reads.
    problem        text,
    problem_at     timestamptz
);

-- The tables of the setting.
CREATE TABLE warehouse.sql_tables (
    slot              text        NOT NULL REFERENCES warehouse.slots ON DELETE CASCADE,
    -- With its schema, as it is quoted in SQL.
    name              text        NOT NULL,
    log               text        NOT NULL,
    -- 'new': a snapshot is to come, and changes before it are not written; 'streaming': it has one; 'refused': reason says why.
    state             text        NOT NULL CHECK (state IN ('new', 'streaming', 'refused')),
    reason            text,
    relation          oid,
    -- Of pg_publication_rel: another one means that it was taken out of the publication in between.
    publication_entry oid,
    -- The columns of the primary key by number and by name, and all columns, as the snapshot had them.
    key_numbers       text,
    key_columns       text[],
    attributes        text,
    -- Changes that were committed before this LSN (16 hex digits) are in the snapshot.
    snapshot_lsn      text,
    snapshot_at       timestamptz,
    changes           bigint      NOT NULL DEFAULT 0,
    last_change_at    timestamptz,
    changed_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (slot, name)
);

-- The columns of each log over time. first_place is that of the first change that was written with them.
CREATE TABLE warehouse.sql_table_schemas (
    log         text        NOT NULL,
    fingerprint text        NOT NULL,
    columns     jsonb       NOT NULL,
    first_place text        NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log, fingerprint)
);

-- Changes that the slot no longer had. A gap is healed when every table has a snapshot from after it.
CREATE TABLE warehouse.slot_gaps (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slot       text        NOT NULL,
    -- 'missing', 'invalidated', 'publication'
    reason     text        NOT NULL,
    detail     text        NOT NULL,
    from_place text        NOT NULL,
    found_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    to_lsn     text,
    healed_at  timestamptz,
    -- Rows that the snapshots wrote: new or different ones, and ones that were gone.
    found      bigint      NOT NULL DEFAULT 0,
    vanished   bigint      NOT NULL DEFAULT 0
);

CREATE INDEX slot_gaps_open ON warehouse.slot_gaps (slot) WHERE healed_at IS NULL;

-- Locks the slot's row and fails unless the caller still holds it: the first statement of every transaction of its holder.
CREATE FUNCTION warehouse.hold_slot(slot text, mine bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM warehouse.slots WHERE name = slot AND epoch = mine FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another instance holds the slot %', slot USING ERRCODE = 'WH001';
    END IF;
END $$;
