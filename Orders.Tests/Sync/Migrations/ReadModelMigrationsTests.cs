using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.ServiceDefaults.Migrations;
using Orders.ServiceDefaults.Settings;
using Orders.Sync.Migrations;
using Orders.Sync.Projection;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Migrations;

public sealed class ReadModelMigrationsTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task They_may_take_longer_than_a_command_of_a_request_and_so_may_another_instance_that_applies_them()
    {
        await using var impatient = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { CommandTimeout = 1 }.ConnectionString);
        await using var other = await fixture.Database.OpenConnectionAsync();
        await LockAsync("pg_advisory_lock");

        var applying = ReadModelMigrations.ApplyAsync(impatient, CancellationToken.None);
        await Eventually.HoldsAsync(async () => await fixture.ScalarAsync<int>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 1);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await LockAsync("pg_advisory_unlock");

        (await applying).ShouldBeEmpty();

        async Task LockAsync(string function)
        {
            await using var command = new NpgsqlCommand($"SELECT {function}({ReadModelMigrations.LockKey})", other);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory]
    [InlineData("a migration of somebody", "a migration of somebody")]
    [InlineData("", "a program without a name")]
    public async Task Who_has_their_lock_is_told_to_whoever_waits_for_it(string application, string name)
    {
        await using var holding = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { ApplicationName = application }.ConnectionString);
        await using var holder = await holding.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({ReadModelMigrations.LockKey})", holder))
        {
            await take.ExecuteNonQueryAsync();
        }

        using var logs = new RecordedLogs();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));

        var checking = new MigrationCheck(fixture.Database, ReadModelMigrations.All, loggers.CreateLogger<MigrationCheck>()).CheckAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(logs.All.Any()));
        checking.IsCompleted.ShouldBeFalse();
        await held.CommitAsync();
        await checking;

        logs.All.ShouldBe([
            $"Warning {typeof(MigrationCheck).FullName}: Waiting for the lock of the migrations, which session {holder.ProcessID} of {name} has: it goes on when that one is done, or is ended",
        ]);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await fixture.ExecuteAsync("INSERT INTO sync.migrations (name, checksum) VALUES ('9999_newer.sql', 'any')");

        var refused = await Should.ThrowAsync<SettingsException>(() => ReadModelMigrations.ApplyAsync(fixture.Database, CancellationToken.None));

        refused.Problem.ShouldContain("9999_newer.sql");
        refused.WayOut.ShouldContain("newer version");
        await fixture.ExecuteAsync("DELETE FROM sync.migrations WHERE name = '9999_newer.sql'");
    }

    // Databases know them by these names, wherever their files stand.
    [Fact]
    public async Task Their_names_are_fixed()
    {
        (await NamesAsync()).ShouldBe(
        [
            "dynamostreams/01_streams.sql", "dynamostreams/02_shards.sql", "dynamostreams/03_gaps.sql", "dynamostreams/04_dead_letters.sql",
            "orders/01_orders.sql", "orders/02_order_history.sql", "orders/03_hourly_totals.sql", "orders/04_order_states.sql", "orders/05_cache.sql", "orders/06_snapshots.sql",
            "orders/07_cache_scope.sql",
        ]);
    }

    [Fact]
    public async Task A_database_of_before_they_were_squashed_is_taken_over_when_it_has_them_all()
    {
        var names = await NamesAsync();
        await fixture.ExecuteAsync(
            """
            DELETE FROM sync.migrations;
            INSERT INTO sync.migrations (name, checksum) VALUES ('DynamoStreams.Postgres.0014_as_of.sql', 'any'), ('Orders.Sync.Migrations.0001_read_model.sql', 'any');
            ALTER TABLE orders DROP CONSTRAINT orders_amount, DROP CONSTRAINT orders_placed_at, DROP CONSTRAINT orders_updated_at;
            ALTER TABLE order_items DROP CONSTRAINT order_items_unit_price;
            ALTER TABLE customers DROP CONSTRAINT customers_first_order_at, DROP CONSTRAINT customers_last_order_at;
            ALTER TABLE products DROP CONSTRAINT products_as_of, DROP CONSTRAINT products_unit_price;
            ALTER TABLE order_history DROP CONSTRAINT order_history_changed_at;
            ALTER TABLE hourly_totals DROP CONSTRAINT hourly_totals_hour, DROP CONSTRAINT hourly_totals_amount;
            CREATE OR REPLACE FUNCTION sync.fence_snapshot(p_snapshot_id bigint, p_fencing_token bigint) RETURNS void LANGUAGE sql AS '';
            """);
        var refused = await Should.ThrowAsync<SettingsException>(() => ReadModelMigrations.ApplyAsync(fixture.Database, CancellationToken.None));
        refused.Problem.ShouldContain("Orders.Sync.Migrations.0029_passed_over.sql");

        await fixture.ExecuteAsync("INSERT INTO sync.migrations (name, checksum) VALUES ('Orders.Sync.Migrations.0029_passed_over.sql', 'any')");
        (await ReadModelMigrations.ApplyAsync(fixture.Database, CancellationToken.None)).ShouldBeEmpty();

        (await NamesAsync()).ShouldBe(names);
        (await Should.ThrowAsync<PostgresException>(() => fixture.ExecuteAsync("SELECT sync.fence_snapshot(1, 1)"))).SqlState.ShouldBe(ReadModelSqlStates.SnapshotLost);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace")).ShouldBe(11);
    }

    private async Task<List<string>> NamesAsync()
    {
        await using var command = fixture.Database.CreateCommand("SELECT name FROM sync.migrations ORDER BY name");
        await using var rows = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await rows.ReadAsync())
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }
}
