-- A new state may come while the files are listed: left out is only what each of the states that are there covers. And nothing is left
             -- out for a state that has lost a file.
             SELECT c.path
               FROM (SELECT path, max(number) OVER () AS number
                       FROM read_parquet('{state}/*-covers.parquet')
                    QUALIFY count(*) OVER (PARTITION BY path) = count(DISTINCT number) OVER ()) c
              CROSS JOIN (SELECT coalesce(max(n.number), 0) AS number, min(n.file) FILTER (g.file IS NULL) AS missing
                            FROM (SELECT number, regexp_replace(filename, '[^/\\]+$', '') || path AS file
                                    FROM read_parquet('{state}/*-files.parquet', filename = true)
                                 QUALIFY number = max(number) OVER ()) n
                            LEFT JOIN glob('{state}/*-rows-*.parquet') g
                              ON g.file = n.file) k
              WHERE CASE WHEN k.missing IS NOT NULL OR k.number < c.number
                         THEN error('{lacks} ' || coalesce(k.missing, 'the names of its files') || '. Put it back, or store the state once more: compact --state-anew')::BOOLEAN
                         ELSE true END
