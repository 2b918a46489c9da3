using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class PostgresSessionsTests(TestEngines engines)
{
    private const int Many = 5;

    [Theory]
    [InlineData("SET default_transaction_read_only = on", "25006")]
    [InlineData("SET statement_timeout = 1", "57014")]
    [InlineData("SET search_path = pg_catalog", "42P01")]
    public async Task Sessions_that_turned_useless_are_dropped_at_the_first_failure(string setting, string state)
    {
        await using var postgres = await PoolAsync();
        await using (var command = postgres.CreateCommand("CREATE TABLE notes (text text)"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await OnEachAsync(postgres, setting);
        var sessions = new PostgresSessions(postgres, new ManualTime(), NullLogger<PostgresSessions>.Instance);
        var failure = await Should.ThrowAsync<PostgresException>(() => WriteAsync(postgres));
        failure.SqlState.ShouldBe(state);

        sessions.Note(new InvalidOperationException("a batch failed", failure));

        for (var i = 0; i < 2 * Many; i++)
        {
            await WriteAsync(postgres);
        }
    }

    [Fact]
    public async Task The_pool_begins_anew_at_most_once_a_second_and_for_no_other_failure()
    {
        await using var postgres = await PoolAsync();
        var time = new ManualTime();
        var sessions = new PostgresSessions(postgres, time, NullLogger<PostgresSessions>.Instance);
        var readOnly = new PostgresException("refused", "ERROR", "ERROR", "25006");

        var first = await SessionAsync(postgres);
        sessions.Note(new PostgresException("twice", "ERROR", "ERROR", "23505"));
        (await SessionAsync(postgres)).ShouldBe(first);
        sessions.Note(readOnly);
        var second = await SessionAsync(postgres);
        second.ShouldNotBe(first);
        sessions.Note(readOnly);
        (await SessionAsync(postgres)).ShouldBe(second);
        time.Advance(TimeSpan.FromSeconds(1));
        sessions.Note(readOnly);
        (await SessionAsync(postgres)).ShouldNotBe(second);
    }

    [Fact]
    public async Task A_service_that_writes_refuses_sessions_that_may_only_read_and_one_that_reads_does_not()
    {
        var stores = await engines.CreateStoresAsync();
        var role = $"{stores.Table}_role";
        await using var admin = NpgsqlDataSource.Create(stores.Postgres);
        await ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'secret'");
        var connection = new NpgsqlConnectionStringBuilder(stores.Postgres) { Username = role, Password = "secret" }.ConnectionString;
        var (writer, reader) = (Build(connection, writes: true), Build(connection, writes: false));
        await (await writer.OpenConnectionAsync()).DisposeAsync();
        writer.Clear();

        await ExecuteAsync($"ALTER ROLE {role} SET default_transaction_read_only = on");

        await Should.ThrowAsync<ReadOnlySessionException>(() => writer.OpenConnectionAsync().AsTask());
        await (await reader.OpenConnectionAsync()).DisposeAsync();
        await ExecuteAsync($"ALTER ROLE {role} RESET default_transaction_read_only");
        await (await writer.OpenConnectionAsync()).DisposeAsync();
        await writer.DisposeAsync();
        await reader.DisposeAsync();
        await ExecuteAsync($"DROP ROLE {role}");

        async Task ExecuteAsync(string sql)
        {
            await using var command = admin.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static NpgsqlDataSource Build(string connection, bool writes)
    {
        var (app, _) = TestService.Build(add: builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:orders"] = connection });
            builder.AddPostgres(writes);
        });
        return app.Services.GetRequiredService<NpgsqlDataSource>();
    }

    // What is set in a session stays there when it goes back to the pool, as what it began with would.
    private async Task<NpgsqlDataSource> PoolAsync() =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder((await engines.CreateStoresAsync()).Postgres) { NoResetOnClose = true });

    private static async Task OnEachAsync(NpgsqlDataSource postgres, string setting)
    {
        var connections = new List<NpgsqlConnection>();
        for (var i = 0; i < Many; i++)
        {
            connections.Add(await postgres.OpenConnectionAsync());
        }

        foreach (var connection in connections)
        {
            await using (var command = new NpgsqlCommand(setting, connection))
            {
                await command.ExecuteNonQueryAsync();
            }

            await connection.DisposeAsync();
        }
    }

    private static async Task WriteAsync(NpgsqlDataSource postgres)
    {
        await using var command = postgres.CreateCommand("INSERT INTO notes SELECT pg_sleep(0.02)::text");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> SessionAsync(NpgsqlDataSource postgres)
    {
        await using var command = postgres.CreateCommand("SELECT pg_backend_pid()");
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
