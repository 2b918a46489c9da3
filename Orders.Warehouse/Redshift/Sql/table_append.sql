INSERT INTO touched_keys SELECT DISTINCT _key FROM staged_rows WHERE _key IS NOT NULL;
INSERT INTO {changes} (_change, _key, _lsn, _ordinal, _committed_at, _xid, _row, day{columns})
SELECT _change, _key, _lsn, _ordinal, CAST(_committed_at AS TIMESTAMP) AT TIME ZONE 'UTC', _xid, _row, CAST(day AS DATE){cast_columns}
  FROM staged_rows;
