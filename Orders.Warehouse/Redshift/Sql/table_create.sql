-- The tables of the log of an SQL table: all changes, and the rows of now. Its columns follow, one at a time. The view holds the
-- columns that there were, so it is made again.
CREATE TABLE IF NOT EXISTS {changes} (
    _change       VARCHAR(16)  NOT NULL,
    _key          VARCHAR(8192),
    _lsn          VARCHAR(16)  NOT NULL,
    _ordinal      BIGINT       NOT NULL,
    _committed_at TIMESTAMPTZ  NOT NULL,
    _xid          BIGINT,
    -- The row as JSON of texts; NULL when it has more than 65 535 bytes, which no column holds. The lake has it.
    _row          VARCHAR(65535),
    day           DATE         NOT NULL
);
CREATE TABLE IF NOT EXISTS {current} (
    _key     VARCHAR(8192) NOT NULL,
    _lsn     VARCHAR(16)   NOT NULL,
    _ordinal BIGINT        NOT NULL
);
DROP VIEW IF EXISTS {history};
