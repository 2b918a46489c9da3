-- In the transaction of the rows: what is loaded, and what that means, become true together.
DELETE FROM {ledger} USING gone_files WHERE {ledger}.path = gone_files.path;
DELETE FROM lake.failed_files USING staged_files WHERE lake.failed_files.path = staged_files.path;
INSERT INTO {ledger} (path, day, generation, file_rows, digest, loaded_at)
SELECT path, day, generation, file_rows, digest, loaded_at FROM staged_files;
