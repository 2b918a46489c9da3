using Npgsql;
using Orders.ServiceDefaults;
using Orders.Sync.Migrations;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync;

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

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await fixture.ExecuteAsync("INSERT INTO sync.migrations (name, checksum) VALUES ('9999_newer.sql', 'any')");

        var refused = await Should.ThrowAsync<SettingsException>(() => ReadModelMigrations.ApplyAsync(fixture.Database, CancellationToken.None));

        refused.Problem.ShouldContain("9999_newer.sql");
        refused.WayOut.ShouldContain("newer version");
        await fixture.ExecuteAsync("DELETE FROM sync.migrations WHERE name = '9999_newer.sql'");
    }
}
