-- The changes of a table that SQL owns.
CREATE VIEW {changes} AS
SELECT c._change, c._key, c._lsn, c._ordinal, c._committed_at, c._xid, c._row{typed}, c.day
{rows};

-- Its rows of now.
CREATE VIEW {current} AS
SELECT {columns}
  FROM (SELECT *
          FROM {changes}
         WHERE _key IS NOT NULL
       QUALIFY row_number() OVER (PARTITION BY _key ORDER BY _lsn DESC, _ordinal DESC) = 1) n
 WHERE _change IN ('insert', 'update', 'found')
       -- TRUNCATE takes every row that was there before it.
   AND n._lsn || lpad(n._ordinal::VARCHAR, 20, '0') > coalesce((SELECT max(_lsn || lpad(_ordinal::VARCHAR, 20, '0')) FROM {changes} WHERE _change = 'truncate'), '');

-- Each state of each of its rows with the time in which it held; deleted_at in the last one of a row that is gone.
CREATE VIEW {history} AS
WITH placed AS (SELECT *, _lsn || lpad(_ordinal::VARCHAR, 20, '0') AS _place FROM {changes}),
     states AS (SELECT *,
                       lead(_place) OVER later AS _next_place,
                       lead(_committed_at) OVER later AS _next_at,
                       lead(_change) OVER later AS _next_change
                  FROM (SELECT *
                          FROM placed
                         WHERE _key IS NOT NULL AND _change <> 'truncate'
                               -- A snapshot finds what is already known, too.
                       QUALIFY NOT (_change = 'found' AND coalesce(lag(_row) OVER (PARTITION BY _key ORDER BY _place) = _row, false)))
                WINDOW later AS (PARTITION BY _key ORDER BY _place))
SELECT {state_columns}, s._key,
       s._committed_at AS valid_from,
       CASE WHEN t._place < coalesce(s._next_place, '~') THEN t._committed_at ELSE s._next_at END AS valid_to,
       coalesce(t._place, s._next_place) IS NULL AS is_current,
       CASE WHEN t._place < coalesce(s._next_place, '~') THEN t._committed_at
            WHEN s._next_change IN ('delete', 'vanished') THEN s._next_at END AS deleted_at
  FROM states s
  ASOF LEFT JOIN (SELECT _place, _committed_at FROM placed WHERE _change = 'truncate') t ON s._place < t._place
 WHERE s._change IN ('insert', 'update', 'found');
