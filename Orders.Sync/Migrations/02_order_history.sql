-- Every version of every order, and the feed of changes: the same rows, read in the order in which their transactions were numbered. Commits
-- become visible in another order than that; but what is older than every transaction that is still open,
-- pg_snapshot_xmin(pg_current_snapshot()), can get no more rows. Up to there a reader may go, and a place there stands for all that is
-- before it.
CREATE TABLE order_history (
    order_id     uuid        NOT NULL,
    version      bigint      NOT NULL,
    merchant_id  text        NOT NULL,
    -- 'placed', 'changed' or 'deleted'
    change       text        NOT NULL,
    changed_at   timestamptz NOT NULL CONSTRAINT order_history_changed_at CHECK (changed_at >= '0001-01-01Z' AND changed_at < '10000-01-01Z'),
    -- The rendered order as of this version; of a deletion, the last there was.
    body         json        NOT NULL,
    -- Zero: of no transaction of the feed, and never in it.
    feed_xid     xid8        NOT NULL DEFAULT pg_current_xact_id(),
    -- When Postgres took it.
    projected_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    place        numeric,
    -- Entries of an order in the order of time: the version, as long as every write raises it.
    revision     bigint      NOT NULL,
    PRIMARY KEY (order_id, revision)
);

-- New rows come at its right edge, and the rows of one transaction share an entry. Readers sort within a transaction, which is a batch
-- at most.
CREATE INDEX order_history_feed ON order_history (feed_xid) WHERE feed_xid > '0';

-- Whose numbers these are: in another database, or in this one made anew, the same number is another transaction.
CREATE TABLE sync.change_feed (
    feed_id text NOT NULL
);

CREATE UNIQUE INDEX change_feed_one ON sync.change_feed ((true));

INSERT INTO sync.change_feed VALUES (left(gen_random_uuid()::text, 8));
