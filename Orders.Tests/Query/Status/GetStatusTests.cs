using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orders.Query.Cache;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetStatusTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await fixture.Stores.ExecuteAsync("TRUNCATE sync.shards, sync.gaps, sync.dead_letters, sync.cache_repairs, sync.doubtful_orders, sync.passed_over");
        await fixture.Service.Services.GetRequiredService<CacheTrust>().CheckAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Before_anything_follows_the_stream_the_lag_is_unknown()
    {
        var status = await StatusAsync();

        status.GetProperty("status").GetString().ShouldBe("lagging");
        status.GetProperty("lag_ms").ValueKind.ShouldBe(JsonValueKind.Null);
        status.GetProperty("last_change_at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_quiet_stream_with_its_owner_there_is_ok()
    {
        await InsertShardAsync("open", caughtUp: "now()", lastChange: "'2026-01-31T15:00:00.123+05:30'");
        await InsertShardAsync("finished", caughtUp: "now() - interval '1 day'", finished: "now() - interval '1 day'");

        var status = await StatusAsync();

        status.GetProperty("status").GetString().ShouldBe("ok");
        status.GetProperty("lag_ms").GetInt64().ShouldBe(0);
        status.GetProperty("last_change_at").GetString().ShouldBe("2026-01-31T09:30:00.123Z");
        status.GetProperty("caught_up_at").GetString()!.ShouldEndWith("Z");
        JsonSerializer.Serialize(status.GetProperty("shards")).ShouldBe("""{"open":1,"owned":1,"finished":1,"records":14}""");
        foreach (var count in new[] { "dead_letters", "gaps", "cache_repairs" })
        {
            status.GetProperty(count).GetInt32().ShouldBe(0);
        }

        foreach (var engine in status.GetProperty("engines").EnumerateObject())
        {
            engine.Value.GetProperty("ok").GetBoolean().ShouldBeTrue();
            engine.Value.GetProperty("latency_ms").GetDouble().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_lags()
    {
        await InsertShardAsync("open", caughtUp: "now() - interval '1 minute'", leasedUntil: "now() - interval '50 seconds'");

        var status = await StatusAsync();

        status.GetProperty("status").GetString().ShouldBe("lagging");
        status.GetProperty("lag_ms").GetInt64().ShouldBeGreaterThanOrEqualTo(60_000);
        status.GetProperty("shards").GetProperty("owned").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("dead_letters", "INSERT INTO sync.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, record, error, attempts) VALUES ('a', 's', '1', '1', 'k', '', 'e', 1)")]
    [InlineData("gaps", "INSERT INTO sync.gaps (stream_arn, shard_id, reason) VALUES ('a', 's', 'trimmed')")]
    [InlineData("doubts", "INSERT INTO sync.doubtful_orders VALUES (gen_random_uuid())")]
    [InlineData("cache_repairs", "INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), '{}', now() - interval '1 minute')")]
    public async Task What_went_wrong_degrades(string count, string sql)
    {
        await InsertShardAsync("open", caughtUp: "now()");
        await fixture.Stores.ExecuteAsync(sql);

        var status = await StatusAsync();

        status.GetProperty("status").GetString().ShouldBe("degraded");
        status.GetProperty(count).GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_healed_or_just_being_written_does_not_degrade()
    {
        await InsertShardAsync("open", caughtUp: "now()");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.gaps (stream_arn, shard_id, reason, healed_at) VALUES ('a', 's', 'trimmed', now())");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), '{}', now())");

        (await StatusAsync()).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task What_was_passed_over_is_counted_by_cause_and_degrades_nothing()
    {
        await InsertShardAsync("open", caughtUp: "now()");
        JsonSerializer.Serialize((await StatusAsync()).GetProperty("passed_over")).ShouldBe("{}");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.passed_over VALUES ('earlier_place', 7, gen_random_uuid(), now()), ('below_tombstone', 2, gen_random_uuid(), now())");

        var status = await StatusAsync();

        JsonSerializer.Serialize(status.GetProperty("passed_over")).ShouldBe("""{"below_tombstone":2,"earlier_place":7}""");
        status.GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Without_a_Redis_in_the_settings_nothing_is_degraded()
    {
        await InsertShardAsync("open", caughtUp: "now()");
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("ConnectionStrings:redis", null));

        var status = JsonDocument.Parse(await service.Client.GetStringAsync("/v1/status")).RootElement;

        status.GetProperty("status").GetString().ShouldBe("ok");
        status.GetProperty("engines").GetProperty("redis").GetProperty("problem").GetString()!.ShouldContain("not configured");
    }

    [Fact]
    public async Task A_key_of_some_merchants_is_told_its_own_and_nothing_that_counts_everybodys()
    {
        await InsertShardAsync("open", caughtUp: "now()", lastChange: "'2026-01-31T09:30:00.123Z'");
        await InsertLetterAsync("merchant-a");

        var before = await SomeAsync();

        before.GetProperty("dead_letters").GetInt64().ShouldBe(1);
        before.GetProperty("status").GetString().ShouldBe("degraded", "one of its changes could not be applied");
        before.GetProperty("lag_ms").GetInt64().ShouldBe(0);
        (before.GetProperty("caught_up_at").GetDateTimeOffset().UtcTicks % TimeSpan.FromSeconds(5).Ticks).ShouldBe(0);
        foreach (var everybodys in new[] { "last_change_at", "shards", "gaps", "cache_repairs", "doubts", "passed_over" })
        {
            before.GetProperty(everybodys).ValueKind.ShouldBe(JsonValueKind.Null, everybodys);
        }

        // Whatever others do, it is told the same.
        await fixture.Stores.ExecuteAsync("UPDATE sync.shards SET records = 12345, last_change_at = now(), applied_at = now()");
        await InsertShardAsync("another", caughtUp: "now()");
        await InsertShardAsync("finished", caughtUp: "now() - interval '1 day'", finished: "now() - interval '1 day'");
        await InsertLetterAsync("merchant-c");
        await InsertLetterAsync(null);
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.doubtful_orders VALUES (gen_random_uuid())");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.cache_repairs VALUES (gen_random_uuid(), '{}', now() - interval '1 minute')");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.passed_over VALUES ('earlier_place', 7, gen_random_uuid(), now())");
        Told(await SomeAsync()).ShouldBe(Told(before));
        (await StatusAsync()).GetProperty("dead_letters").GetInt64().ShouldBe(3, "and who sees all merchants is told all");

        Task<JsonElement> SomeAsync() => StatusAsync(fixture.Service.Limited);
        static string Told(JsonElement status) => JsonSerializer.Serialize(
            status.EnumerateObject().Where(member => member.Name is not ("caught_up_at" or "engines")).ToDictionary(member => member.Name, member => member.Value));
    }

    private Task InsertLetterAsync(string? merchant) => fixture.Stores.ExecuteAsync(
        $"""
        INSERT INTO sync.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, tenant, record, error, attempts)
        VALUES ('a', 's', '{merchant}', '1', 'k', {(merchant is null ? "NULL" : $"'{merchant}'")}, '', 'e', 1)
        """);

    private async Task<JsonElement> StatusAsync() => await StatusAsync(fixture.Service.Client);

    private static async Task<JsonElement> StatusAsync(HttpClient client) => JsonDocument.Parse(await client.GetStringAsync("/v1/status")).RootElement;

    private Task InsertShardAsync(
        string shardId, string caughtUp, string lastChange = "NULL", string finished = "NULL", string leasedUntil = "now() + interval '5 seconds'") =>
        fixture.Stores.ExecuteAsync(
            $"""
            INSERT INTO sync.shards (stream_arn, shard_id, owner, leased_until, records, last_change_at, applied_at, caught_up_at, finished_at, discovered_at)
            VALUES ('arn', '{shardId}', 'one', {leasedUntil}, 7, {lastChange}, {lastChange}, {caughtUp}, {finished}, now() - interval '1 day')
            """);
}
