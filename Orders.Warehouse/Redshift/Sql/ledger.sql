-- In the transaction of the rows: what is loaded, and what that means, become true together.
DELETE FROM lake.loaded_files USING gone_files WHERE lake.loaded_files.path = gone_files.path;
DELETE FROM lake.failed_files USING staged_files WHERE lake.failed_files.path = staged_files.path;
INSERT INTO lake.loaded_files (path, day, generation, file_rows, digest, loaded_at)
SELECT path, day, generation, file_rows, digest, loaded_at FROM staged_files;
