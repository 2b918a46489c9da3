-- Environments may share a Redis. All keys and channels of a read model there begin with its scope, which its services ask for here and nowhere else.

-- The table of DynamoDB whose orders these are, as the service identifies it: a table that is made anew under the same name is another one.
CREATE TABLE IF NOT EXISTS sync.source_table (
    table_id   text        NOT NULL,
    -- When it took the place of another one; null for the first. The orders of the former table are removed by a rebuild that begins later.
    changed_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS source_table_one ON sync.source_table ((true));

-- The feed's id alone would be the same in a copy of this database. So the scope also names what a copy does not have: the cluster, the database in it,
-- the table of the feed and the transaction that wrote its row. NULL while there is no feed.
CREATE OR REPLACE FUNCTION sync.cache_scope() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_cluster text := '';
BEGIN
    BEGIN
        SELECT system_identifier INTO v_cluster FROM pg_control_system();
    EXCEPTION WHEN insufficient_privilege OR undefined_function OR undefined_file OR feature_not_supported THEN
        NULL;
    END;
    RETURN (
        SELECT f.feed_id || '-' || left(encode(sha256(convert_to(concat_ws('/',
                   v_cluster, d.oid, 'sync.change_feed'::regclass::oid, f.xmin, coalesce((SELECT table_id FROM sync.source_table), '')), 'UTF8')), 'hex'), 8)
          FROM sync.change_feed AS f, pg_database AS d
         WHERE d.datname = current_database());
END $$;

-- Identities of the layout without scopes, orders:purged and order:{id}, have three parts, these have four: 2/scope/server/filling. A service of an older version that
-- still runs beside this one cannot agree on Redis any more: it writes past it, as if Redis were away, and its readers do not trust Redis.
DELETE FROM sync.cache_identity;

ALTER TABLE sync.cache_identity DROP CONSTRAINT IF EXISTS cache_identity_layout;
ALTER TABLE sync.cache_identity ADD CONSTRAINT cache_identity_layout CHECK (identity LIKE '2/%/%/%');
