using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Leases;

/// <summary>
/// On a database whose clock is an hour ahead of this machine's: Postgres finds the test's
/// <c>clock_timestamp</c> first, since the search path says so.
/// </summary>
public sealed class DatabaseClockTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);
    private static readonly ShardState Shard = new("arn", "shard-1", null, false, true);

    private NpgsqlDataSource _ahead = null!;
    private PostgresLeaseStore _leases = null!;

    public async ValueTask InitializeAsync()
    {
        await bench.ResetAsync();
        await bench.ExecuteAsync(
            """
            CREATE SCHEMA IF NOT EXISTS ahead;
            CREATE OR REPLACE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$;
            INSERT INTO sync.streams (stream_arn, table_name, label, begun) VALUES ('arn', 'orders', '1', true);
            """);
        _ahead = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(bench.ConnectionString) { SearchPath = "ahead, pg_catalog, public" }.ConnectionString);
        _leases = new PostgresLeaseStore(_ahead);
        await _leases.AddAsync([(Shard.StreamArn, new ShardDescription(Shard.ShardId, null))], CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _ahead.DisposeAsync();

    [Fact]
    public async Task A_heartbeat_a_lease_and_a_look_go_by_the_databases_clock_alone()
    {
        await _leases.HeartbeatAsync("orders", "owner", Duration, [], CancellationToken.None);
        var lease = (await _leases.TryAcquireAsync(Shard, "owner", Duration, CancellationToken.None)).ShouldNotBeNull();
        await IsAnHourAheadAsync("SELECT leased_until FROM sync.shards");
        await _leases.HeartbeatAsync("orders", "owner", Duration, [(lease, TimeSpan.Zero)], CancellationToken.None);

        await IsAnHourAheadAsync("SELECT alive_until FROM sync.instances");
        await IsAnHourAheadAsync("SELECT leased_until FROM sync.shards");
        await IsAnHourAheadAsync("SELECT caught_up_at FROM sync.shards");
        var view = await _leases.LookAsync("orders", CancellationToken.None);
        view.Instances.ShouldBe(["owner"]);

        // It was caught up when it asked, and stays so for what is said later of earlier.
        await bench.ExecuteAsync("UPDATE sync.shards SET caught_up_at = NULL");
        await _leases.HeartbeatAsync("orders", "owner", Duration, [(lease, TimeSpan.FromHours(1))], CancellationToken.None);
        (await bench.ScalarAsync<bool>("SELECT caught_up_at BETWEEN clock_timestamp() - interval '10 minutes' AND clock_timestamp() + interval '10 minutes' FROM sync.shards")).ShouldBeTrue();
        await _leases.HeartbeatAsync("orders", "owner", Duration, [(lease, TimeSpan.Zero)], CancellationToken.None);
        await _leases.HeartbeatAsync("orders", "owner", Duration, [(lease, TimeSpan.FromHours(1))], CancellationToken.None);
        await IsAnHourAheadAsync("SELECT caught_up_at FROM sync.shards");
        view.Open.ShouldHaveSingleItem().Free.ShouldBeFalse();
        (await _leases.TryAcquireAsync(Shard, "other", Duration, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lease_runs_out_by_the_databases_clock_alone()
    {
        // By this machine's clock it would hold for another half hour.
        await bench.Leases.HeartbeatAsync("orders", "owner", TimeSpan.FromMinutes(30), [], CancellationToken.None);
        (await bench.Leases.TryAcquireAsync(Shard, "owner", TimeSpan.FromMinutes(30), CancellationToken.None)).ShouldNotBeNull();

        var view = await _leases.LookAsync("orders", CancellationToken.None);
        view.Instances.ShouldBeEmpty();
        view.Open.ShouldHaveSingleItem().Free.ShouldBeTrue();
        (await _leases.TryAcquireAsync(Shard, "other", Duration, CancellationToken.None)).ShouldNotBeNull();
    }

    private async Task IsAnHourAheadAsync(string time) =>
        (await bench.ScalarAsync<bool>($"SELECT ({time}) BETWEEN clock_timestamp() + interval '59 minutes' AND clock_timestamp() + interval '61 minutes'")).ShouldBeTrue(time);
}
