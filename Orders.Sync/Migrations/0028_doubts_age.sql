-- Whether orders in doubt are looked up: since when each waits, and when some were settled last.
ALTER TABLE sync.doubtful_orders ADD COLUMN noted_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE sync.doubts_settled (
    settled_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX doubts_settled_one ON sync.doubts_settled ((true));
INSERT INTO sync.doubts_settled VALUES (now());
