-- Whether the last listing had the stream as one that gets no more records: its shards are to end then, and count as behind until they have.
ALTER TABLE sync.streams ADD COLUMN is_disabled boolean NOT NULL DEFAULT false;
