DO $$
DECLARE
    one regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_sync') THEN
        CREATE ROLE orders_sync LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_query') THEN
        CREATE ROLE orders_query LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_warehouse') THEN
        CREATE ROLE orders_warehouse LOGIN;
    END IF;

    -- Signs in with a token of IAM, and with nothing else.
    GRANT rds_iam TO orders_sync, orders_query, orders_warehouse;

    -- Makes the tables (migrations), and so owns them.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO orders_sync', current_database());
    GRANT USAGE, CREATE ON SCHEMA public TO orders_sync;

    -- Reads what the other one makes, now and later.
    GRANT orders_sync TO CURRENT_USER;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_sync GRANT USAGE ON SCHEMAS TO orders_query;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_sync GRANT SELECT ON TABLES TO orders_query;

    -- Makes its own schema and its publication, reads by logical replication, and compares itself with the tables in public: those that
    -- are there already, and later ones.
    EXECUTE format('GRANT CREATE ON DATABASE %I TO orders_warehouse', current_database());
    GRANT rds_replication TO orders_warehouse;
    GRANT USAGE ON SCHEMA public TO orders_warehouse;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_sync IN SCHEMA public GRANT SELECT ON TABLES TO orders_warehouse;
    FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = 'orders_sync'::regrole AND relkind IN ('r', 'p', 'v', 'm') LOOP
        EXECUTE format('GRANT SELECT ON %s TO orders_warehouse', one);
    END LOOP;

    -- The console's page shows how the warehouse is.
    GRANT orders_warehouse TO CURRENT_USER;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_warehouse GRANT USAGE ON SCHEMAS TO orders_query;
    ALTER DEFAULT PRIVILEGES FOR ROLE orders_warehouse GRANT SELECT ON TABLES TO orders_query;
END
$$
