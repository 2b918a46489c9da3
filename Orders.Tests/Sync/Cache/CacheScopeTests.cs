using Npgsql;
using Orders.Bench.Stores;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Cache;

/// <summary>What makes a read model another one.</summary>
public sealed class CacheScopeTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task It_stays_while_the_read_model_does()
    {
        await fixture.ExecuteAsync("VACUUM FULL sync.change_feed");
        await fixture.ExecuteAsync("VACUUM FREEZE sync.change_feed");

        (await ScopeAsync()).ShouldBe(fixture.Keys.Scope);
        (await ScopeAsync()).ShouldStartWith(await fixture.ScalarAsync<string>("SELECT feed_id FROM sync.change_feed"));
        fixture.Keys.Scope.ShouldMatch("^[0-9a-f]{8}-[0-9a-f]{8}$");
    }

    [Fact]
    public async Task Another_table_is_another_one()
    {
        await fixture.ExecuteAsync("INSERT INTO sync.source_table VALUES ('orders/1')");
        var first = await ScopeAsync();
        await fixture.ExecuteAsync("UPDATE sync.source_table SET table_id = 'orders/2'");
        var second = await ScopeAsync();
        await fixture.ExecuteAsync("DELETE FROM sync.source_table");

        new[] { first, second, await ScopeAsync() }.ShouldBeUnique();
        (await ScopeAsync()).ShouldBe(fixture.Keys.Scope);
    }

    [Fact]
    public async Task A_row_that_a_backup_brought_back_is_of_another_one()
    {
        await fixture.ExecuteAsync("BEGIN; CREATE TEMP TABLE backup AS SELECT * FROM sync.change_feed; TRUNCATE sync.change_feed; INSERT INTO sync.change_feed SELECT * FROM backup; COMMIT");

        (await ScopeAsync()).ShouldNotBe(fixture.Keys.Scope);
    }

    [Fact]
    public async Task A_database_without_a_feed_has_none()
    {
        await using var connection = await fixture.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var empty = new NpgsqlCommand("DELETE FROM sync.change_feed; SELECT sync.cache_scope()", connection);

        (await empty.ExecuteScalarAsync()).ShouldBe(DBNull.Value);
    }

    private async Task<string> ScopeAsync() => (await fixture.Database.CacheKeysAsync()).Scope;
}

/// <summary>A copy of a database, which has the id of its feed.</summary>
public sealed class CopiedDatabaseTests(TestEngines engines)
{
    [Fact]
    public async Task A_copy_of_a_database_is_another_read_model()
    {
        var fixture = new ProjectionFixture(engines);
        await fixture.InitializeAsync();
        var name = new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres).Database!;
        await fixture.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await using (var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { Database = "postgres", Pooling = false }.ConnectionString))
        {
            await using var copy = server.CreateCommand($"CREATE DATABASE {name}_copy TEMPLATE {name}");
            await copy.ExecuteNonQueryAsync();
        }

        await using var copied = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { Database = $"{name}_copy" }.ConnectionString);
        var scope = (await copied.CacheKeysAsync()).Scope;

        scope.ShouldNotBe(fixture.Keys.Scope);
        scope[..8].ShouldBe(fixture.Keys.Scope[..8]);
    }
}
