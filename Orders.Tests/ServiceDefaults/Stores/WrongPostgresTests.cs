using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Orders.ServiceDefaults.Settings;
using Orders.Sync;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// A Postgres that is set up wrongly stops the start of its services, by name and with the way out; later it
/// is never called away.
/// </summary>
public sealed class WrongPostgresTests(TestEngines engines)
{
    private const string Password = "of-the-test";

    [Theory]
    [InlineData("LATIN1")]
    [InlineData("SQL_ASCII")]
    public async Task A_database_of_another_encoding_is_refused(string encoding)
    {
        var stores = await engines.CreateStoresAsync();
        var name = $"{stores.Table}_{encoding.ToLowerInvariant()}";
        await ExecuteAsync(stores.Postgres, $"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var settings = With(stores, stores.Postgres, connection => connection.Database = name);

        foreach (var refusal in new[] { await RefusedBySyncAsync(settings), await RefusedByQueryAsync(settings) })
        {
            refusal.ShouldContain(encoding);
            refusal.ShouldContain("ENCODING 'UTF8'");
        }
    }

    [Fact]
    public async Task A_database_of_stricter_transactions_is_refused()
    {
        var stores = await engines.CreateStoresAsync();
        var settings = With(stores, stores.Postgres, change: null);
        foreach (var isolation in new[] { "serializable", "repeatable read" })
        {
            await ExecuteAsync(stores.Postgres, $"ALTER DATABASE {stores.Table} SET default_transaction_isolation = '{isolation}'");

            foreach (var refusal in new[] { await RefusedBySyncAsync(settings), await RefusedByQueryAsync(settings) })
            {
                refusal.ShouldContain(isolation);
                refusal.ShouldContain("RESET default_transaction_isolation");
            }
        }
    }

    [Fact]
    public async Task A_wrong_password_user_or_database_is_refused()
    {
        var stores = await engines.CreateStoresAsync();

        foreach (var (change, word) in new (Action<NpgsqlConnectionStringBuilder>, string)[]
        {
            (connection => connection.Password = "wrong", "refuses the password"),
            (connection => connection.Password = null, "asks for a password"),
            (connection => connection.Username = "nobody_at_all", "refuses the password"),
            (connection => connection.Database = "nothing_at_all", "has no database of this name"),
            (connection => connection.SslMode = SslMode.Require, "has no TLS"),
        })
        {
            var settings = With(stores, stores.Postgres, change);
            (await RefusedBySyncAsync(settings)).ShouldContain(word);
            (await RefusedByQueryAsync(settings)).ShouldContain(word);
        }
    }

    [Fact]
    public async Task A_user_who_may_only_read_is_refused_by_the_writer_and_one_who_may_not_by_the_reader()
    {
        var stores = await engines.CreateStoresAsync();
        var role = $"{stores.Table}_reader";
        await using (var owner = NpgsqlDataSource.Create(stores.Postgres))
        {
            await ReadModelMigrations.ApplyAsync(owner, CancellationToken.None);
        }

        await ExecuteAsync(stores.Postgres, $"CREATE ROLE {role} LOGIN PASSWORD '{Password}'");
        var settings = With(stores, stores.Postgres, connection => (connection.Username, connection.Password) = (role, Password));

        (await RefusedBySyncAsync(settings)).ShouldContain("permission denied");
        (await RefusedByQueryAsync(settings)).ShouldContain("may not SELECT in public.customers");

        // All but the rows.
        await ExecuteAsync(stores.Postgres, $"GRANT CREATE ON DATABASE {stores.Table} TO {role}; GRANT CREATE, USAGE ON SCHEMA public, sync TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA public, sync TO {role}");
        (await RefusedBySyncAsync(settings)).ShouldContain("may not SELECT, INSERT, UPDATE, DELETE in public.customers");
        await using var query = await QueryService.StartAsync(settings);
        (await query.Client.GetAsync("/v1/orders")).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_password_that_is_no_longer_right_is_said_to_be_and_not_away()
    {
        var stores = await engines.CreateStoresAsync();
        var role = $"{stores.Table}_rotated";
        await using (var owner = NpgsqlDataSource.Create(stores.Postgres))
        {
            await ReadModelMigrations.ApplyAsync(owner, CancellationToken.None);
        }

        await ExecuteAsync(stores.Postgres, $"CREATE ROLE {role} LOGIN PASSWORD '{Password}'; GRANT USAGE ON SCHEMA sync TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA public, sync TO {role}");
        await using var query = await QueryService.StartAsync(With(stores, stores.Postgres, connection => (connection.Username, connection.Password) = (role, Password)));

        await ExecuteAsync(stores.Postgres, $"ALTER ROLE {role} PASSWORD 'another'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");

        await Eventually.HoldsAsync(async () => (await DescriptionAsync(query.Client, "postgres")) == "refuses the password");
        using var status = JsonDocument.Parse(await query.Client.GetStringAsync("/v1/status"));
        status.RootElement.GetProperty("engines").GetProperty("postgres").GetProperty("problem").GetString().ShouldBe("refuses the password");
        using var read = await query.Client.GetAsync("/v1/orders");
        (await TestService.ProblemAsync(read)).GetProperty("detail").GetString()!.ShouldContain("refuses the password");
    }

    [Fact]
    public async Task A_Postgres_that_is_too_old_is_refused()
    {
        var old = await OldPostgresAsync();
        var stores = await engines.CreateStoresAsync();
        var data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        try
        {
            var user = SystemUser.ForPostgres();
            var cluster = new PostgresCluster(PostgresFolder.Make(data, old.Major, user), old, user);
            await cluster.CreateAsync(CancellationToken.None);
            var port = Ports.Free();
            await using var process = await EngineProcess.StartAsync(cluster.Server(port, durable: false), data);
            var connection = $"Host=127.0.0.1;Port={port};Database=postgres;Username={PostgresCluster.Superuser};Password={cluster.Password};Pooling=false";
            await process.UntilAsync(cancellationToken => PostgresEngine.EnsureDatabaseAsync(connection, cancellationToken), TimeSpan.FromSeconds(60), CancellationToken.None);
            var settings = With(stores, connection, change: null);

            (await RefusedBySyncAsync(settings)).ShouldContain($"version {old.Major}");
            (await RefusedByQueryAsync(settings)).ShouldContain($"version {old.Major}");
        }
        finally
        {
            data.Dispose();
        }
    }

    /// <summary>The description of a check of <c>/health/ready</c>.</summary>
    internal static async Task<string?> DescriptionAsync(HttpClient client, string check)
    {
        using var ready = await client.GetAsync("/health/ready");
        using var health = JsonDocument.Parse(await ready.Content.ReadAsByteArrayAsync());
        return health.RootElement.GetProperty("checks").GetProperty(check).GetProperty("description").GetString();
    }

    private static async Task<FoundEngine> OldPostgresAsync()
    {
        var options = new EngineOptions();
        var package = await new NpmCache(options.CacheFolder, options.SearchPath, new Steps()).InstallAsync("Postgres", NpmPackage.Postgres with { Version = "16.4.0-beta.14" }, CancellationToken.None);
        return new(Path.Combine(package, "native", "bin", "postgres"), package, 16);
    }

    private static Dictionary<string, string?> With(TestStores stores, string postgres, Action<NpgsqlConnectionStringBuilder>? change)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres);
        change?.Invoke(connection);
        var settings = stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["ConnectionStrings:orders"] = connection.ConnectionString;
        return settings;
    }

    private static Task<string> RefusedBySyncAsync(Dictionary<string, string?> settings) =>
        RefusedAsync(SyncHost.Build(new() { EnvironmentName = "Development" }, settings));

    private static Task<string> RefusedByQueryAsync(Dictionary<string, string?> settings) => RefusedAsync(QueryService.Build(settings));

    private static async Task<string> RefusedAsync(WebApplication app)
    {
        await using (app)
        {
            // So that a start which goes on waiting fails and does not hang.
            var refusal = await Should.ThrowAsync<SettingsException>(() => app.StartAsync().WaitAsync(TimeSpan.FromSeconds(60)));
            refusal.Setting.ShouldBe("ConnectionStrings__orders");
            refusal.Message.ShouldNotContain(Password);
            return refusal.Message;
        }
    }

    private static async Task ExecuteAsync(string postgres, string sql)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var command = database.CreateCommand(sql);
        if (sql.StartsWith("CREATE DATABASE", StringComparison.Ordinal))
        {
            await command.ExecuteNonQueryAsync();
            return;
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var batch = connection.CreateBatch();
        foreach (var statement in sql.Split(';', StringSplitOptions.TrimEntries))
        {
            batch.BatchCommands.Add(new(statement));
        }

        await batch.ExecuteNonQueryAsync();
    }
}
