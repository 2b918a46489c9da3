-- The newest state of each row that was touched, by the place of its change. TRUNCATE takes every row that was there before it.
INSERT INTO newest_rows (_key, _change, _lsn, _ordinal{columns})
SELECT _key, _change, _lsn, _ordinal{columns}
  FROM (SELECT c.*, row_number() OVER (PARTITION BY c._key ORDER BY c._lsn DESC, c._ordinal DESC) AS _rank
          FROM {changes} c JOIN (SELECT DISTINCT _key FROM touched_keys) k ON k._key = c._key) r
 WHERE _rank = 1
   AND _lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0')
       > coalesce((SELECT max(_lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0')) FROM {changes} WHERE _change = 'truncate'), '');
