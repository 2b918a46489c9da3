-- Each state of each row with the time in which it held; deleted_at in the last one of a row that is gone.
CREATE VIEW {history} AS
SELECT {s_columns}s._key, s._committed_at AS valid_from,
       CASE WHEN t._place < coalesce(s._next_place, t._place || '+') THEN t._committed_at ELSE s._next_at END AS valid_to,
       CASE WHEN t._place IS NULL AND s._next_place IS NULL THEN true ELSE false END AS is_current,
       CASE WHEN t._place < coalesce(s._next_place, t._place || '+') THEN t._committed_at
            WHEN s._next_change IN ('delete', 'vanished') THEN s._next_at END AS deleted_at
  FROM (SELECT k.*,
               lead(_place) OVER (PARTITION BY _key ORDER BY _place) AS _next_place,
               lead(_committed_at) OVER (PARTITION BY _key ORDER BY _place) AS _next_at,
               lead(_change) OVER (PARTITION BY _key ORDER BY _place) AS _next_change
          FROM (SELECT p.*, lag(_row) OVER (PARTITION BY _key ORDER BY _place) AS _previous_row
                  FROM (SELECT c.*, _lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0') AS _place FROM {changes} c WHERE _key IS NOT NULL) p) k
               -- A snapshot finds what is already known, too.
         WHERE NOT (_change = 'found' AND coalesce(_previous_row = _row, false))) s
  -- The first TRUNCATE after it.
  LEFT JOIN (SELECT _place, _committed_at, lag(_place) OVER (ORDER BY _place) AS _previous_place
               FROM (SELECT _committed_at, _lsn || lpad(CAST(_ordinal AS VARCHAR(20)), 20, '0') AS _place FROM {changes} WHERE _change = 'truncate') r) t
    ON s._place < t._place AND (t._previous_place IS NULL OR s._place > t._previous_place)
 WHERE s._change IN ('insert', 'update', 'found');
