-- Changes of the stream that were passed over, since they were not surely later than what is here: counted by cause.
CREATE TABLE sync.passed_over (
    cause         text        PRIMARY KEY,
    changes       bigint      NOT NULL,
    last_order_id uuid        NOT NULL,
    last_at       timestamptz NOT NULL
);
