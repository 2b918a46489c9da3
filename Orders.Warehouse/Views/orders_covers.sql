-- A new state may come while the files are listed: left out is only what each of the states that are there covers.
             SELECT path FROM read_parquet('{state}/*-covers.parquet') QUALIFY count(*) OVER (PARTITION BY path) = count(DISTINCT number) OVER ()
