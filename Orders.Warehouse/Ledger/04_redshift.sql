-- How the loads of Redshift go, for whoever asks for the status: asking Redshift itself would wake it.
CREATE TABLE warehouse.redshift (
    one         boolean     PRIMARY KEY DEFAULT true CHECK (one),
    tried_at    timestamptz NOT NULL,
    -- When the last load ended that left nothing out.
    complete_at timestamptz,
    -- Files of the lake whose rows are there, and files that are set aside.
    files       bigint      NOT NULL DEFAULT 0,
    set_aside   bigint      NOT NULL DEFAULT 0,
    -- Why the last one failed.
    problem     text
);
