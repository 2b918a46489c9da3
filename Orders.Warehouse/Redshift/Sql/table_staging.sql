-- What a load brings. All values are text as Postgres writes it; never TRUNCATE, which commits in Redshift.
DROP TABLE IF EXISTS staged_rows;
CREATE TEMP TABLE staged_rows (
    _change       VARCHAR(16),
    _key          VARCHAR(8192),
    _lsn          VARCHAR(16),
    _ordinal      BIGINT,
    _committed_at VARCHAR(40),
    _xid          BIGINT,
    _row          VARCHAR(65535),
    day           VARCHAR(10){staged_columns}
);
-- Keys whose newest state may change.
DROP TABLE IF EXISTS touched_keys;
CREATE TEMP TABLE touched_keys (_key VARCHAR(8192));
DROP TABLE IF EXISTS gone_keys;
CREATE TEMP TABLE gone_keys (_key VARCHAR(8192));
DROP TABLE IF EXISTS newest_rows;
CREATE TEMP TABLE newest_rows (
    _key     VARCHAR(8192),
    _change  VARCHAR(16),
    _lsn     VARCHAR(16),
    _ordinal BIGINT{typed_columns}
);
