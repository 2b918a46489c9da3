-- A listing of very many shards takes longer than the interval between two: until then nobody else begins one, or all of them would share the
-- ten calls a second and none would end.
ALTER TABLE sync.listings ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity';
