using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>A server or a user that cannot do it is told in words that name the way out.</summary>
public sealed class RefusedServersTests(TestEngines engines)
{
    private const string Merchants = "CREATE TABLE merchants (id text PRIMARY KEY); INSERT INTO merchants VALUES ('m1')";

    [Fact]
    public async Task A_server_that_does_not_log_for_it_is_told()
    {
        await using var postgres = await OwnPostgres.StartAsync("wal_level=replica");
        await using var lab = await TablesLab.CreateAsync(postgres.ConnectionString, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");

        await ShouldSayAsync(instance, "Postgres has wal_level = replica, and the tables of Orders__Warehouse__SqlTables are read by logical replication: set wal_level = logical");
        (await lab.ScalarAsync<string>("SELECT problem FROM warehouse.slots")).ShouldStartWith("Postgres has wal_level = replica");
    }

    [Fact]
    public async Task A_user_without_the_right_to_replicate_is_told_and_when_it_has_it_the_service_goes_on()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        var role = $"reader_{await lab.ScalarAsync<string>("SELECT current_database()")}";
        await lab.ExecuteAsync(
            $"""
            CREATE ROLE {role} LOGIN PASSWORD 'secret';
            DO $do$ BEGIN EXECUTE format('GRANT ALL ON DATABASE %I TO {role}', current_database()); END $do$;
            ALTER TABLE merchants OWNER TO {role}; GRANT ALL ON SCHEMA public, warehouse TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA warehouse TO {role}
            """);
        try
        {
            var postgres = new NpgsqlConnectionStringBuilder(lab.Postgres) { Username = role, Password = "secret" }.ConnectionString;
            await using var instance = await TablesInstance.StartAsync(postgres, lab.Lake, "merchants");
            await ShouldSayAsync(instance, "The database user may not read by logical replication");

            await lab.ExecuteAsync($"ALTER ROLE {role} REPLICATION");
            await Eventually.HoldsAsync(() => Task.FromResult(lab.Changes("merchants").Count == 1));
        }
        finally
        {
            await lab.ExecuteAsync($"DROP PUBLICATION IF EXISTS orders_warehouse; DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_server_that_is_stopped_need_not_wait_for_its_reader()
    {
        await using var postgres = await OwnPostgres.StartAsync();
        await using var lab = await TablesLab.CreateAsync(postgres.ConnectionString, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants", fileSeconds: 3_600);
        await lab.StreamsAsync();
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m2')");

        // It ends a reader only when that has confirmed everything, and this change is not stored yet.
        (await postgres.StopAsync()).ShouldBeTrue();
        await Eventually.HoldsAsync(async () => (await instance.HealthAsync()).Description!.Contains("Postgres does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_instance_waits_and_takes_over()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using var second = await FirstThenSecondAsync(lab);
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m3')");
        await lab.CaughtUpAsync();

        lab.Changes("merchants").ShouldBe(["""found ["m1"]""", """insert ["m2"]""", """insert ["m3"]"""]);
    }

    private static async Task<TablesInstance> FirstThenSecondAsync(TablesLab lab)
    {
        await using var first = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.StreamsAsync();
        var second = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m2')");
        await lab.CaughtUpAsync();
        second.State.Phase.ShouldBe("waits, since another instance reads the slot");
        (await second.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        return second;
    }

    private static async Task ShouldSayAsync(TablesInstance instance, string words)
    {
        await Eventually.HoldsAsync(async () => (await instance.HealthAsync()).Status == HealthStatus.Unhealthy);
        (await instance.HealthAsync()).Description.ShouldStartWith($"the SQL tables are not read: {words}");
    }
}
