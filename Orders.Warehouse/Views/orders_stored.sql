         FROM (SELECT regexp_replace(filename, '[^/\\]+$', '') || path AS file
                 FROM read_parquet('{state}/*-files.parquet', filename = true)
              QUALIFY {last}) l
         JOIN read_parquet('{state}/*-rows-*.parquet', filename = true) s
           ON s.filename = l.file
