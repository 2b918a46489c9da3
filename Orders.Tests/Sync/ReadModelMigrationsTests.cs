using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.ServiceDefaults;
using Orders.Sync.Migrations;
using Orders.Tests.ServiceDefaults;
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

    [Theory]
    [InlineData("a migration of somebody", "a migration of somebody")]
    [InlineData("", "a program without a name")]
    public async Task Who_has_their_lock_is_told_to_whoever_waits_for_it(string application, string name)
    {
        await using var holding = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { ApplicationName = application }.ConnectionString);
        await using var holder = await holding.OpenConnectionAsync();
        await using var held = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({ReadModelMigrations.LockKey})", holder))
            await take.ExecuteNonQueryAsync();
        using var logs = new RecordedLogs();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(logs));

        var checking = new ReadModelCheck(fixture.Database, TimeProvider.System, loggers.CreateLogger<ReadModelCheck>()).CheckAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(logs.All.Any()));
        checking.IsCompleted.ShouldBeFalse();
        await held.CommitAsync();
        await checking;

        logs.All.ShouldBe([
            $"Warning {typeof(ReadModelCheck).FullName}: Waiting for the lock of the migrations, which session {holder.ProcessID} of {name} has: it goes on when that one is done, or is ended",
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
}
