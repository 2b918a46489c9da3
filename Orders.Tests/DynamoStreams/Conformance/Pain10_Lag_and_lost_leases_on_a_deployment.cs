using DynamoStreams.Api;
using DynamoStreams.Lineage;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain10_Lag_and_lost_leases_on_a_deployment(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task A_stopped_instance_hands_over_and_no_lease_has_to_run_out()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        var old = Bench.Start(Streams, change: options => options with { LeaseDuration = TimeSpan.FromDays(1) });
        await Bench.NotedAsync(1);
        await using var replacement = Bench.Start(Streams, change: options => options with { LeaseDuration = TimeSpan.FromDays(1) });

        await old.DisposeAsync();
        Streams.Write(shard, "b");

        await Bench.NotedAsync(2);
        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
        (await Bench.ScalarAsync<int>("SELECT count(*) FROM sync.instances")).ShouldBe(1);
    }

    [Fact]
    public async Task A_long_batch_does_not_lose_its_own_lease()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await using var owner = Bench.Start(Streams, change: options => options with { LeaseDuration = TimeSpan.FromSeconds(1) });
        await Bench.NotedAsync(1);

        // As a batch does: the shard is locked for longer than a lease holds.
        await using var connection = await Bench.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand("SELECT fencing_token FROM sync.shards FOR UPDATE", connection, transaction);
        var token = (long)(await hold.ExecuteScalarAsync())!;
        await using var other = Bench.Start(Streams, change: options => options with { LeaseDuration = TimeSpan.FromSeconds(1) });
        await Bench.HoldsAsync("SELECT leased_until < clock_timestamp() - interval '1 second' FROM sync.shards");
        await transaction.CommitAsync();

        (await Bench.ScalarAsync<long>("SELECT fencing_token FROM sync.shards")).ShouldBe(token);
    }

    [Fact]
    public async Task A_lease_whose_own_time_is_over_holds_for_as_long_as_its_owner_is_alive()
    {
        var shard = Streams.AddShard("shard-1");
        await Bench.Leases.AddAsync([(shard.StreamArn, new ShardDescription(shard.ShardId, null))], CancellationToken.None);
        var state = new ShardState(shard.StreamArn, shard.ShardId, null, false, true);
        await Bench.Leases.HeartbeatAsync("orders", "busy", TimeSpan.FromMinutes(1), [], CancellationToken.None);
        (await Bench.Leases.TryAcquireAsync(state, "busy", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();

        (await Bench.Leases.TryAcquireAsync(state, "other", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeNull();
        await Bench.Leases.LeaveAsync("busy", CancellationToken.None);
        (await Bench.Leases.TryAcquireAsync(state, "other", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldNotBeNull();
    }
}
