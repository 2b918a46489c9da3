-- Orders whose change is committed here but perhaps not yet in Redis. A batch lists its orders in its own transaction, and strikes
-- them out once Redis has them; what a crash or an absent Redis leaves behind is repaired from `orders`.
CREATE TABLE sync.cache_repairs (
    repair_id  uuid        PRIMARY KEY,
    order_ids  uuid[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX cache_repairs_by_age ON sync.cache_repairs (created_at);

-- Redis is read only while it is sure that no change was committed past it. A change is announced there before it is committed; a writer that cannot do
-- that suspends Redis first, and lists what Redis then lacks in sync.cache_repairs (docs/cache.md).

-- Which Redis holds the orders of this read model, and since which purge of it. Announcements count for that one alone.
CREATE TABLE sync.cache_identity (
    identity text NOT NULL
);

CREATE UNIQUE INDEX cache_identity_one ON sync.cache_identity ((true));

-- While there is a row nobody reads Redis.
CREATE TABLE sync.cache_suspensions (
    -- The instance that cannot announce its changes.
    owner        text        PRIMARY KEY,
    reason       text        NOT NULL,
    -- Its changes are not listed one by one: Redis is emptied before it is read again.
    needs_purge  boolean     NOT NULL,
    -- So long ago, by its owner's own clock, that every reader has seen it: changes may be committed past Redis.
    is_settled   boolean     NOT NULL DEFAULT false,
    suspended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Both are called behind the checkpoint, which passes the gate: whoever closes it to change what they look at sees no batch that looked before.
CREATE FUNCTION sync.check_cache_identity(p_identity text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sync.cache_identity WHERE identity = p_identity) THEN
        RAISE EXCEPTION 'Redis was emptied since these changes were announced there' USING ERRCODE = 'OR002';
    END IF;
END $$;

-- The lock keeps the row until this transaction ends.
CREATE FUNCTION sync.check_cache_suspended(p_owner text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM sync.cache_suspensions WHERE owner = p_owner AND is_settled FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'readers may trust Redis, and these changes are not announced there' USING ERRCODE = 'OR003';
    END IF;
END $$;
