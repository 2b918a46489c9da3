-- The hour of a time, for each row that the totals count: date_trunc looks the time zone up by its name every time, which costs ten times as much.
CREATE OR REPLACE FUNCTION sync.utc_hour(t timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin('1 hour', t, TIMESTAMPTZ '0001-01-01 00:00:00+00');
