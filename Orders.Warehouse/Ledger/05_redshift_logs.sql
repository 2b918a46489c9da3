-- How each log is in Redshift, after the last load.
CREATE TABLE warehouse.redshift_logs (
    log       text        PRIMARY KEY,
    -- Files of the lake whose rows are there, and files that are set aside.
    files     bigint      NOT NULL,
    set_aside bigint      NOT NULL,
    -- Why the load left something of it out.
    problem   text,
    tried_at  timestamptz NOT NULL
);
