using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Query.Freshness;
using Orders.Query.Reading;
using Orders.Query.Status;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class FreshnessTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IAsyncLifetime
{
    private readonly Freshness _freshness = fixture.Service.Services.GetRequiredService<Freshness>();

    // The service never goes back in time, and its own look may come between a test's two: each test begins
    // with nothing known, and looks itself.
    public async ValueTask InitializeAsync()
    {
        await _freshness.StopAsync(CancellationToken.None);
        await fixture.Stores.ExecuteAsync("TRUNCATE sync.shards");
        await _freshness.LookAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("/v1/orders/{order}", 200)]
    [InlineData("/v1/orders/{order}?min_version=1", 200)]
    [InlineData("/v1/orders", 200)]
    [InlineData("/v1/orders?ids={order}", 200)]
    [InlineData("/v1/orders/by-customer?ids=merchant-a/customer-1", 200)]
    [InlineData("/v1/customers/customer-1?merchant_id=merchant-a", 200)]
    [InlineData("/v1/customers?ids=merchant-a/customer-1", 200)]
    [InlineData("/v1/products/product-1?merchant_id=merchant-a", 200)]
    [InlineData("/v1/products?ids=merchant-a/product-1", 200)]
    [InlineData("/v1/totals/hourly", 200)]
    [InlineData("/v1/status", 200)]
    [InlineData("/v1/orders/nothing", 404)]
    [InlineData("/v1/orders/{order}/history", 404)]
    [InlineData("/v1/orders?limit=0", 400)]
    [InlineData("/v1/orders/{order}?min_version=9", 503)]
    public async Task Every_answer_says_as_of_when_it_is_and_the_lag(string path, int status)
    {
        var order = Sample.Order();
        await fixture.Stores.StoreAsync(order);
        await FollowAsync("now() - interval '10 minutes'");

        using var answer = await fixture.Service.Client.GetAsync(path.Replace("{order}", order.OrderId.ToString(), StringComparison.Ordinal));

        ((int)answer.StatusCode).ShouldBe(status);
        AsOf(answer).ShouldBeInRange(Now().AddMinutes(-11), Now().AddMinutes(-9));
        Lag(answer).ShouldBeInRange(540_000, 660_000);
    }

    [Fact]
    public async Task A_304_says_it_too()
    {
        var order = Sample.Order();
        await fixture.Stores.CacheAsync(order);
        await FollowAsync("now()");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{order.OrderId}") { Headers = { { "If-None-Match", "\"1\"" } } };

        using var answer = await fixture.Service.Client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(304);
        AsOf(answer).ShouldBeGreaterThan(Now().AddMinutes(-1));
        Lag(answer).ShouldBeLessThan(60_000);
    }

    [Fact]
    public async Task Before_anything_has_followed_the_stream_both_are_unknown()
    {
        using var answer = await fixture.Service.Client.GetAsync("/v1/orders");

        (Header(answer, "X-As-Of"), Header(answer, "X-Replication-Lag")).ShouldBe(("unknown", "unknown"));
    }

    [Fact]
    public async Task What_was_known_stays_known_while_the_next_shard_is_not_read_yet()
    {
        await FollowAsync("now() - interval '10 minutes'");

        await fixture.Stores.ExecuteAsync("UPDATE sync.shards SET finished_at = now() - interval '9 minutes'");
        await fixture.Stores.ExecuteAsync("INSERT INTO sync.shards (stream_arn, shard_id, parent_shard_id) VALUES ('arn', 'child', 'shard')");
        await _freshness.LookAsync(CancellationToken.None);
        using (var answer = await fixture.Service.Client.GetAsync("/v1/orders"))
        {
            AsOf(answer).ShouldBeInRange(Now().AddMinutes(-11), Now().AddMinutes(-9));
        }

        await fixture.Stores.ExecuteAsync("UPDATE sync.shards SET caught_up_at = now() WHERE shard_id = 'child'");
        await _freshness.LookAsync(CancellationToken.None);
        using (var answer = await fixture.Service.Client.GetAsync("/v1/orders"))
        {
            AsOf(answer).ShouldBeGreaterThan(Now().AddMinutes(-1));
        }
    }

    [Fact]
    public async Task While_Postgres_does_not_answer_the_time_stays_and_the_lag_grows()
    {
        var connection = new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]) { Pooling = false };
        await using var gate = new TcpGate(connection.Host!, connection.Port);
        connection.Port = gate.Port;
        await using var postgres = NpgsqlDataSource.Create(connection);
        var time = new ManualTime();
        using var readModel = new ReadModel(postgres, readsAtOnce: 32, time, NullLogger<ReadModel>.Instance);
        using var freshness = new Freshness(new StatusStore(readModel), time, NullLogger<Freshness>.Instance);
        await FollowAsync("now() - interval '10 minutes'");
        await freshness.LookAsync(CancellationToken.None);
        var before = Write(freshness);

        gate.Shut();
        time.Advance(TimeSpan.FromMinutes(5));
        await freshness.LookAsync(CancellationToken.None);

        var after = Write(freshness);
        after.AsOf.ShouldBe(before.AsOf);
        (after.Lag - before.Lag).ShouldBe(300_000);
    }

    [Fact]
    public async Task A_read_model_of_an_older_version_ends_no_looking()
    {
        await FollowAsync("now() - interval '10 minutes'");
        await fixture.Stores.ExecuteAsync("ALTER TABLE sync.shards RENAME COLUMN caught_up_at TO newer");
        try
        {
            await _freshness.LookAsync(CancellationToken.None);
        }
        finally
        {
            await fixture.Stores.ExecuteAsync("ALTER TABLE sync.shards RENAME COLUMN newer TO caught_up_at");
        }

        using var answer = await fixture.Service.Client.GetAsync("/v1/orders");
        AsOf(answer).ShouldBeInRange(Now().AddMinutes(-11), Now().AddMinutes(-9));
    }

    [Fact]
    public async Task Saying_it_costs_no_statement()
    {
        await _freshness.StartAsync(CancellationToken.None);
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]).Database!);

        for (var i = 0; i < 200; i++)
        {
            (await fixture.Service.Client.GetAsync("/v1/orders/nothing")).Dispose();
        }

        statements.Count("FROM sync.shards").ShouldBeLessThan(100);
    }

    [Fact]
    public async Task It_looks_by_itself()
    {
        await _freshness.StartAsync(CancellationToken.None);

        await fixture.Stores.ExecuteAsync("INSERT INTO sync.shards (stream_arn, shard_id, discovered_at, caught_up_at) VALUES ('arn', 'shard', now(), now())");

        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await fixture.Service.Client.GetAsync("/v1/orders/nothing");
            return Header(answer, "X-As-Of") != "unknown";
        });
    }

    [Fact]
    public async Task Who_may_not_see_everybodys_changes_is_told_steps_of_5_seconds()
    {
        await FollowAsync("now() - interval '12 seconds'");
        using var nobody = new HttpClient { BaseAddress = fixture.Service.Address };
        (Func<Task<HttpResponseMessage>> Ask, bool Exactly)[] asks =
        [
            (() => fixture.Service.Client.GetAsync("/v1/orders"), true),
            (() => fixture.Service.Limited.GetAsync("/v1/orders"), false),
            (() => nobody.GetAsync("/v1/orders"), false),
            (() => nobody.GetAsync("/v1/nowhere"), false),
        ];

        foreach (var (ask, exactly) in asks)
        {
            using var answer = await ask();
            if (!answer.Headers.Contains("X-As-Of"))
            {
                exactly.ShouldBeFalse();
                continue;
            }

            (Lag(answer) % 5_000 == 0).ShouldBe(!exactly, $"{answer.RequestMessage!.RequestUri} {Lag(answer)}");
            (AsOf(answer).UtcTicks % TimeSpan.FromSeconds(5).Ticks == 0).ShouldBe(!exactly, $"{answer.RequestMessage!.RequestUri} {AsOf(answer):O}");
            AsOf(answer).ShouldBeLessThan(Now().AddSeconds(-11), "it never says more than is known");
        }
    }

    [Fact]
    public void While_the_lag_is_short_the_steps_depend_on_the_clock_alone()
    {
        var now = new DateTimeOffset(2026, 1, 31, 9, 30, 7, 250, TimeSpan.Zero);

        foreach (var lag in new[] { 0, 1, 300, 1_999, 4_999 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)))
        {
            (LagSteps.Of(lag), LagSteps.Of(now - lag, now)).ShouldBe((TimeSpan.Zero, new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero)));
        }

        LagSteps.Of(TimeSpan.FromSeconds(14.9)).ShouldBe(TimeSpan.FromSeconds(10));
        LagSteps.Of(now.AddSeconds(-8), now).ShouldBe(new DateTimeOffset(2026, 1, 31, 9, 29, 55, TimeSpan.Zero));
    }

    private static (string AsOf, long Lag) Write(Freshness freshness)
    {
        var response = new DefaultHttpContext().Response;
        freshness.Write(response, exactly: true);
        return (response.Headers["X-As-Of"].ToString(), long.Parse(response.Headers["X-Replication-Lag"].ToString(), CultureInfo.InvariantCulture));
    }

    private static DateTimeOffset AsOf(HttpResponseMessage answer) => DateTimeOffset.ParseExact(
        Header(answer, "X-As-Of"), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static long Lag(HttpResponseMessage answer) => long.Parse(Header(answer, "X-Replication-Lag"), CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();

    private async Task FollowAsync(string caughtUpAt)
    {
        await fixture.Stores.ExecuteAsync($"INSERT INTO sync.shards (stream_arn, shard_id, discovered_at, caught_up_at) VALUES ('arn', 'shard', {caughtUpAt}, {caughtUpAt})");
        await _freshness.LookAsync(CancellationToken.None);
    }
}
