DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_sync') THEN
        CREATE ROLE orders_sync LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_query') THEN
        CREATE ROLE orders_query LOGIN;
    END IF;

    -- Signs in with a token of IAM, and with nothing else.
    GRANT rds_iam TO orders_sync, orders_query;

    -- Makes the tables (migrations), and so owns them.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO orders_sync', current_database());
    GRANT USAGE, CREATE ON SCHEMA public TO orders_sync;

    -- Reads what the other one makes, now and later.
    GRANT orders_sync TO CURRENT_USER;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_sync GRANT USAGE ON SCHEMAS TO orders_query;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_sync GRANT SELECT ON TABLES TO orders_query;
END
$$
