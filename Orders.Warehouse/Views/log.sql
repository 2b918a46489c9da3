-- The rows of the files of a log that count. A marker 'replaced-by-G' of a day says that of this day only files of generation G
-- and later count; a file '…-compact-…' counts only when the highest marker is of its own generation. The markers stand first, so
-- that they are listed before the files: the files that a marker speaks of are then listed, too. Files that do not count are not opened.
  FROM (SELECT f.file
          FROM (SELECT try_cast(regexp_extract(file, 'day=([0-9-]+)[/\\]replaced-by-[0-9]+$', 1) AS DATE) AS day,
                       max(try_cast(regexp_extract(file, 'replaced-by-([0-9]+)$', 1) AS BIGINT)) AS generation
                  FROM glob('{log}/day=*/replaced-by-*')
                 GROUP BY 1) m
         RIGHT JOIN (SELECT file,
                            replace(regexp_extract(file, '[^/\\]+[/\\][^/\\]+$'), '\', '/') AS path,
                            try_cast(regexp_extract(file, 'day=([0-9-]+)[/\\][^/\\]+$', 1) AS DATE) AS day,
                            regexp_extract(file, '[/\\]([0-9]+)-[^/\\]*$', 1)::BIGINT AS generation,
                            regexp_matches(file, '[/\\][0-9]+-compact-[^/\\]*$') AS is_compact
                       FROM glob('{log}/day=*/[0-9]*-*.parquet')) f
            ON m.day = f.day
         WHERE f.generation >= coalesce(m.generation, 0)
           AND (NOT f.is_compact OR f.generation = coalesce(m.generation, 0)){and}) l
  JOIN read_parquet('{log}/day=*/[0-9]*-*.parquet', hive_partitioning = true, hive_types = {'day': DATE}, union_by_name = true, filename = true) c
    ON c.filename = l.file
 WHERE CASE WHEN c.{needed} IS NULL
            THEN error('{foreign} ' || c.filename)::BOOLEAN
            ELSE true END
