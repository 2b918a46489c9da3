-- A repair that must replace whatever Redis has, also at the same version or a newer one: a rebuild found wrong content while Redis was away.
ALTER TABLE sync.cache_repairs ADD COLUMN replaces boolean NOT NULL DEFAULT false;
