-- Two states of an order are ordered by their records' sequence numbers in the stream, called the place here. Versions do not order them: writers that bypass
-- the write API may lower a version, and an order that is put again after its deletion starts at 1. A row that was read from the table has no place (NULL).
ALTER TABLE orders ADD COLUMN place numeric;
ALTER TABLE sync.tombstones ADD COLUMN place numeric;

-- Entries of an order in the order of time: the version, as long as every write raises it.
ALTER TABLE order_history ADD COLUMN place numeric, ADD COLUMN revision bigint;
UPDATE order_history SET revision = version;
ALTER TABLE order_history
    DROP CONSTRAINT order_history_pkey,
    ALTER COLUMN revision SET NOT NULL,
    ADD PRIMARY KEY (order_id, revision);

-- Orders of which a record came that is neither surely later nor surely earlier than what is here: the table is asked, soon.
CREATE TABLE sync.doubtful_orders (
    order_id uuid PRIMARY KEY,
    -- The last transaction that noted it: who has asked for an earlier one does not strike it out.
    noted_by xid8 NOT NULL DEFAULT pg_current_xact_id()
);
