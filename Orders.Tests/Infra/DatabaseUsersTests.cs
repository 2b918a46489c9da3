using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Infra.Data;
using Orders.Query.Status;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Orders.Warehouse.Ledger;
using Shouldly;
using Xunit;
using QueryReads = Orders.Query.Reading.ReadModel;

namespace Orders.Tests.Infra;

/// <summary>
/// The statement that makes the database's users, run on a real Postgres by an administrator who is no
/// superuser, as in RDS.
/// </summary>
public sealed class DatabaseUsersTests(TestEngines engines)
{
    private const string Administrator = "orders_admin";

    [Fact]
    public async Task Sync_makes_and_writes_the_tables_query_reads_all_of_them_and_the_warehouse_those_in_public()
    {
        var stores = await engines.CreateStoresAsync();
        await using (var superuser = NpgsqlDataSource.Create(stores.Postgres))
        {
            // What RDS and Aurora have from the start. Roles belong to the whole server, which other tests
            // use too, by other names.
            await RunAsync(superuser, "CREATE ROLE rds_iam");
            await RunAsync(superuser, $"CREATE ROLE {Administrator} LOGIN CREATEROLE PASSWORD 'p'");
            await RunAsync(superuser, $"GRANT rds_iam TO {Administrator} WITH ADMIN OPTION");
            await RunAsync(superuser, "CREATE ROLE rds_replication");
            await RunAsync(superuser, $"GRANT rds_replication TO {Administrator} WITH ADMIN OPTION");
            await RunAsync(superuser, $"ALTER DATABASE {stores.Table} OWNER TO {Administrator}");
        }

        await using (var administrator = As(stores, Administrator))
        {
            await RunAsync(administrator, DatabaseUsers.Sql);
            await RunAsync(administrator, DatabaseUsers.Sql);
        }

        await using (var superuser = NpgsqlDataSource.Create(stores.Postgres))
        {
            await RunAsync(superuser, "ALTER ROLE orders_sync PASSWORD 'p'; ALTER ROLE orders_query PASSWORD 'p'; ALTER ROLE orders_warehouse PASSWORD 'p'");
        }

        await using var sync = As(stores, DatabaseUsers.Sync);
        (await ReadModelMigrations.ApplyAsync(sync, CancellationToken.None)).ShouldNotBeEmpty();

        await using var query = As(stores, DatabaseUsers.Query);
        var tables = new List<string>();
        await using (var list = query.CreateCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'sync')"))
        await using (var reader = await list.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        tables.Count.ShouldBeGreaterThan(8);
        foreach (var table in tables)
        {
            await RunAsync(query, $"SELECT count(*) FROM {table}");
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(query, $"DELETE FROM {table}"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }

        await using var none = As(stores, DatabaseUsers.Sync);
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(query, "CREATE TABLE mine (a int)"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        await using var warehouse = As(stores, DatabaseUsers.Warehouse);
        (await LedgerMigrations.All.ApplyAsync(warehouse, CancellationToken.None)).ShouldNotBeEmpty();
        await RunAsync(warehouse, "SELECT count(*) FROM public.orders");
        await RunAsync(warehouse, "CREATE PUBLICATION orders_warehouse");
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(warehouse, "DELETE FROM public.orders"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(warehouse, "SELECT count(*) FROM sync.shards"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await RunAsync(query, "SELECT count(*) FROM warehouse.files");
        (await WarehouseStateAsync(query)).ShouldBe("behind", "the ledger can be read, and no instance runs");
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(query, "DELETE FROM warehouse.files"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

        // A stack that is older than the warehouse: the tables are there when its user is made.
        await RunAsync(none, "REVOKE SELECT ON public.orders FROM orders_warehouse");
        await using (var administrator = As(stores, Administrator))
        {
            await RunAsync(administrator, DatabaseUsers.Sql);
        }

        await RunAsync(warehouse, "SELECT count(*) FROM public.orders");
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(none, "CREATE ROLE another"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    // As the console's health panel asks for it.
    private static async Task<string> WarehouseStateAsync(NpgsqlDataSource query)
    {
        using var readModel = new QueryReads(query, readsAtOnce: 32, TimeProvider.System, NullLogger<QueryReads>.Instance);
        return (await new LedgerStore(readModel).ReadAsync(CancellationToken.None)).State;
    }

    private static NpgsqlDataSource As(TestStores stores, string user) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(stores.Postgres) { Username = user, Password = "p", Pooling = false });

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
