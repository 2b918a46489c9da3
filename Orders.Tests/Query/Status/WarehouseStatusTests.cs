using System.Text.Json;
using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Ledger;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>
/// What the status says of the warehouse. It reads the ledger that Orders.Warehouse makes.
/// </summary>
public sealed class WarehouseStatusTests(TestEngines engines) : IAsyncLifetime
{
    private const string Slot = "orders_warehouse_test";

    // An instance that lives, a shard that is read, a file in each log.
    private const string Running =
        """
        INSERT INTO warehouse.instances (owner, table_name, alive_until) VALUES ('one', 'orders', now() + interval '1 hour');
        INSERT INTO warehouse.shards (stream_arn, shard_id, caught_up_at) VALUES ('arn', 'shard', now() - interval '2 seconds');
        INSERT INTO warehouse.files (path, log, day, generation, source, first_place, last_place, state, rows, bytes, live_at) VALUES
            ('a', 'orders_changes', now(), 0, 's', '1', '2', 'live', 7, 1, now() - interval '1 hour'),
            ('b', 'merchants_changes', now(), 0, 's', '1', '2', 'live', 3, 1, now() - interval '8 seconds'),
            ('c', 'orders_changes', now(), 0, 's', '1', '2', 'superseded', 1000, 1, now()),
            ('d', 'orders_changes', now(), 0, 's', '3', '4', 'noted', 1000, NULL, NULL);
        """;

    private const string Reading = $"INSERT INTO warehouse.slots (name, holder, held_until, caught_up_at) VALUES ('{Slot}', 'one', now() + interval '1 hour', now());";

    private ReadStores _stores = null!;
    private QueryService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await ReadStores.CreateAsync(engines);
        await _stores.TakeShardAsync();
        _service = await QueryService.StartAsync(_stores.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Fact]
    public async Task A_database_without_a_ledger_has_no_warehouse_and_the_reads_are_as_well_as_before()
    {
        var status = await StatusAsync();

        State(status).ShouldBe("absent");
        status.GetProperty("warehouse").GetProperty("problem").GetString()!.ShouldContain("no ledger");
        Figures(status).ShouldBe("null null null null null");
        status.GetProperty("lag_ms").ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task A_ledger_in_which_nothing_stands_says_nothing_good()
    {
        await MakeLedgerAsync();

        State(await StatusAsync()).ShouldBe("behind", "no instance runs");
        await _stores.ExecuteAsync("INSERT INTO warehouse.instances (owner, table_name, alive_until) VALUES ('one', 'orders', now() + interval '1 hour')");
        State(await StatusAsync()).ShouldBe("unknown", "no shard is known");
        await _stores.ExecuteAsync("INSERT INTO warehouse.shards (stream_arn, shard_id, caught_up_at) VALUES ('arn', 'shard', now())");
        State(await StatusAsync()).ShouldBe("unknown", "there is no file");
    }

    [Fact]
    public async Task A_warehouse_that_keeps_up_is_current_and_its_live_files_are_counted()
    {
        await MakeLedgerAsync(Running);

        var status = await StatusAsync();

        State(status).ShouldBe("current");
        var warehouse = status.GetProperty("warehouse");
        warehouse.GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);
        warehouse.GetProperty("lag_ms").GetInt64().ShouldBeGreaterThanOrEqualTo(2_000);
        warehouse.GetProperty("newest_file_ms").GetInt64().ShouldBeInRange(8_000, 3_599_999, "the younger file, and not the replaced one");
        warehouse.GetProperty("rows").GetInt64().ShouldBe(10);
        warehouse.GetProperty("quarantined").GetInt64().ShouldBe(0);
        warehouse.GetProperty("slot_lag_bytes").ValueKind.ShouldBe(JsonValueKind.Null, "there are no SQL tables");
        status.GetProperty("status").GetString().ShouldBe("ok");
    }

    [Theory]
    [InlineData("behind", "UPDATE warehouse.instances SET alive_until = now() - interval '1 second'")]
    [InlineData("behind", "UPDATE warehouse.shards SET caught_up_at = now() - interval '6 minutes'")]
    [InlineData("unknown", "INSERT INTO warehouse.shards (stream_arn, shard_id) VALUES ('arn', 'unread')")]
    [InlineData("unknown", "UPDATE warehouse.shards SET finished_at = now()")]
    [InlineData("degraded", "INSERT INTO warehouse.gaps (stream_arn, shard_id, reason) VALUES ('arn', 'shard', 'trimmed')")]
    [InlineData("degraded", "INSERT INTO warehouse.slot_gaps (slot, reason, detail, from_place) VALUES ('s', 'missing', '', '')")]
    [InlineData("degraded", "INSERT INTO warehouse.files (path, log, day, generation, source, first_place, last_place, state, rows) VALUES ('q', 'quarantine/orders', now(), 0, 's', '1', '2', 'live', 4)")]
    [InlineData("degraded", $"{Reading}")]
    public async Task What_is_wrong_or_not_known_is_told_and_changes_no_word_about_the_reads(string state, string sql)
    {
        await MakeLedgerAsync(Running, sql);

        var status = await StatusAsync();

        State(status).ShouldBe(state);
        status.GetProperty("warehouse").GetProperty("problem").GetString().ShouldNotBeNullOrEmpty();
        status.GetProperty("status").GetString().ShouldBe("ok");
        status.GetProperty("warehouse").GetProperty("quarantined").GetInt64().ShouldBe(sql.Contains("quarantine", StringComparison.Ordinal) ? 4 : 0);
    }

    [Theory]
    [InlineData("current", "SELECT 1")]
    [InlineData("degraded", "UPDATE warehouse.slots SET problem = 'the table has no key'")]
    [InlineData("degraded", "UPDATE warehouse.slots SET held_until = now() - interval '1 second'")]
    [InlineData("degraded", $"INSERT INTO warehouse.sql_tables (slot, name, log, state) VALUES ('{Slot}', 'public.t', 't_changes', 'refused')")]
    [InlineData("behind", "UPDATE warehouse.slots SET caught_up_at = now() - interval '6 minutes'")]
    [InlineData("unknown", "UPDATE warehouse.slots SET caught_up_at = NULL")]
    public async Task The_slot_of_the_SQL_tables_counts_too(string state, string sql)
    {
        // Slots belong to the whole server; this one to a test at a time.
        await _stores.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{Slot}', 'pgoutput')");
        try
        {
            await MakeLedgerAsync(Running, Reading, "CREATE TABLE much AS SELECT g FROM generate_series(1, 10000) AS g", sql);

            var status = await StatusAsync();

            State(status).ShouldBe(state);
            status.GetProperty("warehouse").GetProperty("slot_lag_bytes").GetInt64().ShouldBeGreaterThan(10_000);
        }
        finally
        {
            await _stores.ExecuteAsync($"SELECT pg_drop_replication_slot('{Slot}')");
        }
    }

    [Fact]
    public async Task A_ledger_that_this_user_may_not_read_is_told_from_none()
    {
        await MakeLedgerAsync(Running);
        var target = new NpgsqlConnectionStringBuilder(_stores.Settings["ConnectionStrings:orders"]);
        var reader = $"reader_{target.Database}";
        await _stores.ExecuteAsync($"CREATE ROLE {reader} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA public, sync TO {reader}; GRANT SELECT ON ALL TABLES IN SCHEMA public, sync TO {reader}");
        await using var service = await QueryService.StartAsync(
            _stores.Settings, ("ConnectionStrings:orders", new NpgsqlConnectionStringBuilder(target.ConnectionString) { Username = reader, Password = "p" }.ConnectionString));

        var closed = await StatusAsync(service);
        await _stores.ExecuteAsync($"GRANT USAGE ON SCHEMA warehouse TO {reader}; GRANT SELECT ON ALL TABLES IN SCHEMA warehouse TO {reader}");
        var open = await StatusAsync(service);

        State(closed).ShouldBe("unknown");
        closed.GetProperty("warehouse").GetProperty("problem").GetString()!.ShouldContain("may not SELECT");
        closed.GetProperty("status").GetString().ShouldBe("ok");
        State(open).ShouldBe("current");
    }

    [Fact]
    public async Task A_ledger_of_another_version_is_unknown()
    {
        await MakeLedgerAsync(Running, "ALTER TABLE warehouse.files RENAME COLUMN live_at TO lived_at");
        State(await StatusAsync()).ShouldBe("unknown");
        await _stores.ExecuteAsync("DROP TABLE warehouse.slot_gaps");
        State(await StatusAsync()).ShouldBe("unknown");
    }

    [Fact]
    public async Task A_ledger_that_is_locked_is_unknown_and_stops_no_read()
    {
        await MakeLedgerAsync(Running);
        await using var holder = await _stores.Postgres.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var locked = new NpgsqlCommand("LOCK TABLE warehouse.files", holder))
        {
            await locked.ExecuteNonQueryAsync();
        }

        var status = await StatusAsync();

        State(status).ShouldBe("unknown");
        status.GetProperty("warehouse").GetProperty("problem").GetString()!.ShouldContain("in time");
        status.GetProperty("status").GetString().ShouldBe("ok");
        (await _service.Client.GetAsync("/v1/orders")).IsSuccessStatusCode.ShouldBeTrue("the circuit breaker is closed");
        await transaction.RollbackAsync();
        State(await StatusAsync()).ShouldBe("current");
    }

    private static string State(JsonElement status) => status.GetProperty("warehouse").GetProperty("state").GetString()!;

    private static string Figures(JsonElement status) => string.Join(
        ' ', ((string[])["lag_ms", "newest_file_ms", "rows", "quarantined", "slot_lag_bytes"]).Select(name => status.GetProperty("warehouse").GetProperty(name).GetRawText()));

    private async Task<JsonElement> StatusAsync(QueryService? service = null) => JsonDocument.Parse(await (service ?? _service).Client.GetStringAsync("/v1/status")).RootElement;

    private async Task MakeLedgerAsync(params string[] statements)
    {
        await LedgerMigrations.All.ApplyAsync(_stores.Postgres, CancellationToken.None);
        foreach (var sql in statements)
        {
            await _stores.ExecuteAsync(sql);
        }
    }
}
