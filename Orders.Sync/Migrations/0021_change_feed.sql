-- The feed of changes is order_history, read in the order in which its transactions were numbered. Commits become visible in another order
-- than that; but what is older than every transaction that is still open, pg_snapshot_xmin(pg_current_snapshot()), can get no more rows. Up to
-- there a reader may go, and a place there stands for all that is before it.

-- Constants first, which change no row that is there, however many there are. Zero: from before the feed, and never in it.
ALTER TABLE order_history
    ADD COLUMN feed_xid     xid8        NOT NULL DEFAULT '0',
    -- When Postgres took it. Of what is from before the feed, nobody knows.
    ADD COLUMN projected_at timestamptz NOT NULL DEFAULT '-infinity';

ALTER TABLE order_history
    ALTER COLUMN feed_xid     SET DEFAULT pg_current_xact_id(),
    ALTER COLUMN projected_at SET DEFAULT clock_timestamp();

-- New rows come at its right edge, and the rows of one transaction share an entry. Readers sort within a transaction, which is a batch at most.
CREATE INDEX order_history_feed ON order_history (feed_xid) WHERE feed_xid > '0';

-- Whose numbers these are: in another database, or in this one made anew, the same number is another transaction.
CREATE TABLE sync.change_feed (
    feed_id text NOT NULL
);

CREATE UNIQUE INDEX change_feed_one ON sync.change_feed ((true));

INSERT INTO sync.change_feed VALUES (left(gen_random_uuid()::text, 8));
