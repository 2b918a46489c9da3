-- What a load of any log does: its files.
DROP TABLE IF EXISTS staged_files;
CREATE TEMP TABLE staged_files (
    path       VARCHAR(1024),
    day        DATE,
    generation INTEGER,
    file_rows  BIGINT,
    digest     VARCHAR(20),
    loaded_at  TIMESTAMPTZ
);
-- Files that are no longer live, and days whose rows are loaded anew.
DROP TABLE IF EXISTS gone_files;
CREATE TEMP TABLE gone_files (path VARCHAR(1024));
DROP TABLE IF EXISTS replaced_days;
CREATE TEMP TABLE replaced_days (day DATE);
