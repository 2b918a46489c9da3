using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;
using Orders.Sync.Status;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Status;

public sealed class ShardsLookTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync("TRUNCATE sync.shards, sync.streams, sync.listings, sync.doubtful_orders");
        await ExecuteAsync(
            $"INSERT INTO sync.streams (stream_arn, table_name, label, begun) VALUES ('a', '{fixture.Stores.Table}', '1', true), ('b', '{fixture.Stores.Table}', '2', false)");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_shards_none_is_open_and_none_has_ended()
    {
        var shards = await ReadAsync();

        shards.ShouldBe(new ShardsState { Open = 0 });
    }

    [Fact]
    public async Task The_shard_that_has_been_silent_for_longest_is_told_with_who_holds_it()
    {
        await AddAsync("one", "owner, caught_up_at", "'sync/1', clock_timestamp() - interval '1 minute'");
        await AddAsync("two", "owner, caught_up_at, applied_at", "'sync/2', clock_timestamp() - interval '1 hour', clock_timestamp()");

        var shards = await ReadAsync();

        (shards.Open, shards.Worst, shards.Holder).ShouldBe((2, "one", "sync/1"));
        shards.Silence.ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task The_lag_is_of_the_shard_that_was_longest_ago_known_to_be_here_though_it_is_applied()
    {
        await AddAsync("one", "caught_up_at", "clock_timestamp() - interval '1 minute'");
        await AddAsync("two", "caught_up_at, applied_at", "clock_timestamp() - interval '40 minutes', clock_timestamp()");
        await AddAsync("three", "parent_shard_id", "'two'");
        await ExecuteAsync($"INSERT INTO sync.listings (table_name, due_at, listed_at) VALUES ('{fixture.Stores.Table}', now(), clock_timestamp() - interval '2 minutes'), ('other', now(), NULL)");

        var shards = await ReadAsync();

        shards.Lag!.Value.TotalMinutes.ShouldBe(40, tolerance: 5);
        shards.SinceListing!.Value.ShouldBeInRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task Who_waits_for_its_parent_or_for_an_older_stream_is_not_silent()
    {
        await AddAsync("parent", "caught_up_at", "clock_timestamp()");
        await AddAsync("child", "parent_shard_id", "'parent'");
        await AddAsync("later", "records", "0", stream: "b");

        var shards = await ReadAsync();

        (shards.Open, shards.Worst).ShouldBe((2, "parent"));
        shards.Silence.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_shard_that_was_never_read_is_silent_since_its_parent_ended()
    {
        await AddAsync("parent", "finished_at", "clock_timestamp() - interval '2 minutes'");
        await AddAsync("child", "parent_shard_id", "'parent'");

        var shards = await ReadAsync();

        (shards.Open, shards.Worst, shards.Holder).ShouldBe((1, "child", null));
        shards.Silence.ShouldBeInRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task When_all_have_ended_it_is_told_since_when()
    {
        await AddAsync("one", "finished_at", "clock_timestamp() - interval '1 hour'");
        await AddAsync("two", "finished_at", "clock_timestamp() - interval '2 minutes'");

        var shards = await ReadAsync();

        shards.Open.ShouldBe(0);
        shards.SinceEnd!.Value.ShouldBeInRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData(60, 60, 60)]
    [InlineData(60, 40, 40)]
    [InlineData(20, 40, 20)]
    public async Task Orders_in_doubt_wait_since_they_were_noted_or_others_were_settled(int noted, int settled, int expected)
    {
        await ExecuteAsync($"UPDATE sync.doubts_settled SET settled_at = clock_timestamp() - interval '{settled} minutes'");
        (await ReadAsync()).InDoubt.ShouldBe(TimeSpan.Zero);

        await ExecuteAsync($"INSERT INTO sync.doubtful_orders (order_id, noted_at) VALUES (gen_random_uuid(), now() - interval '{noted} minutes'), (gen_random_uuid(), now())");

        (await ReadAsync()).InDoubt.TotalMinutes.ShouldBe(expected, tolerance: 5);
    }

    [Fact]
    public async Task A_Postgres_that_is_away_is_told_as_not_known()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none");
        var look = new ShardsLook(nowhere, Settings(), TimeProvider.System);

        (await look.ReadAsync(CancellationToken.None)).ShouldBeNull();
    }

    private async Task<ShardsState> ReadAsync() => (await new ShardsLook(fixture.Database, Settings(), TimeProvider.System).ReadAsync(CancellationToken.None))!;

    private DynamoDbSettings Settings() => SyncHost.Build(new() { EnvironmentName = "Development" }, fixture.Stores.Settings).Services.GetRequiredService<DynamoDbSettings>();

    // Found an hour ago, so that its age is never the answer.
    private Task AddAsync(string shard, string columns, string values, string stream = "a") => ExecuteAsync(
        $"INSERT INTO sync.shards (stream_arn, shard_id, discovered_at, {columns}) VALUES ('{stream}', '{shard}', clock_timestamp() - interval '1 hour', {values})");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = fixture.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
