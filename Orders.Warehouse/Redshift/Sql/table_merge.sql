-- What is deleted, or has no state any more, goes; the rest is merged.
DELETE FROM newest_rows WHERE _change IN ('delete', 'vanished');
INSERT INTO gone_keys SELECT DISTINCT t._key FROM touched_keys t LEFT JOIN newest_rows n ON n._key = t._key WHERE n._key IS NULL;
DELETE FROM {current} USING gone_keys WHERE {current}._key = gone_keys._key;
DELETE FROM {current}
 WHERE _lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0') < (SELECT max(_lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0')) FROM {changes} WHERE _change = 'truncate');
MERGE INTO {current} USING newest_rows AS n ON {current}._key = n._key
WHEN MATCHED THEN UPDATE SET _lsn = n._lsn, _ordinal = n._ordinal{set_columns}
WHEN NOT MATCHED THEN INSERT (_key, _lsn, _ordinal{columns}) VALUES (n._key, n._lsn, n._ordinal{n_columns});
