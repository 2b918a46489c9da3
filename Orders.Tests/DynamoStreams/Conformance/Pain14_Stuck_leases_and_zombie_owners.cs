using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Npgsql;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

public sealed class Pain14_Stuck_leases_and_zombie_owners(ConsumerBench bench) : StreamConformance(bench)
{
    [Fact]
    public async Task The_lease_of_a_killed_instance_runs_out_by_itself()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);
        await KilledOwnerAsync();
        Streams.Write(shard, "b");

        await ConsumeAsync(2);
    }

    [Fact]
    public async Task A_zombie_that_wakes_up_commits_nothing()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);
        var zombie = await KilledOwnerAsync();
        Streams.Write(shard, "b");
        await using var owner = Bench.Start(Streams);
        await Bench.NotedAsync(2);

        var woken = new ShardBatch(zombie, [ScriptedStreams.Record("1", "from the grave")], EndsShard: true);
        await Should.ThrowAsync<LeaseLostException>(() => Bench.Handler().ApplyAsync(woken, CancellationToken.None));

        (await Bench.NotedAsync()).ShouldBe(["a", "b"]);
        await Bench.Leases.ReleaseAsync(zombie, CancellationToken.None);
        await Bench.Leases.AbandonAsync(zombie, "from the grave", CancellationToken.None);
        (await Bench.ScalarAsync<bool>("SELECT owner IS NOT NULL AND finished_at IS NULL FROM sync.shards")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_transaction_that_a_frozen_owner_holds_open_is_ended()
    {
        var shard = Streams.AddShard("shard-1");
        Streams.Write(shard, "a");
        await ConsumeAsync(1);
        var frozen = await KilledOwnerAsync();
        await using var connection = await Bench.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { CheckpointCommand.For(new ShardBatch(frozen, [], EndsShard: false), null) } };
        await batch.ExecuteNonQueryAsync();
        Streams.Write(shard, "b");

        await ConsumeAsync(2);

        await Should.ThrowAsync<NpgsqlException>(() => transaction.CommitAsync());
    }

    [Fact]
    public async Task A_live_owners_transaction_is_never_ended()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        await using var owner = Bench.Start(Streams);
        await Bench.NotedAsync(1);
        var token = await Bench.ScalarAsync<long>("SELECT fencing_token FROM sync.shards");
        var lease = new ShardLease(Streams.Current.StreamArn, "shard-1", token, null);
        await using var connection = await Bench.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { CheckpointCommand.For(new ShardBatch(lease, [], EndsShard: false), null) } };
        await batch.ExecuteNonQueryAsync();

        (await Bench.Leases.EvictAsync(new ShardState(lease.StreamArn, lease.ShardId, null, false, true), CancellationToken.None)).ShouldBe(0);

        await transaction.CommitAsync();
    }

    [Fact]
    public async Task A_shard_whose_release_failed_is_given_back_all_the_same()
    {
        ScriptedShard[] shards = [Streams.AddShard("shard-1"), Streams.AddShard("shard-2")];
        var leases = new BreakingLeaseStore(Bench.Leases) { FailedReleases = 1 };
        await using var first = Bench.Start(Streams, leases: leases);
        await Bench.HoldsAsync($"SELECT count(*) = 2 FROM sync.shards WHERE owner = '{first.Owner}'");
        await using var second = Bench.Start(Streams);
        await Eventually.HoldsAsync(() => Task.FromResult(leases.FailedReleases == 0));

        Streams.Write(shards[0], "a");
        Streams.Write(shards[1], "b");

        await Bench.NotedAsync(2);
    }

    [Fact]
    public async Task A_shard_that_was_leased_by_a_call_whose_answer_is_lost_is_read()
    {
        Streams.Write(Streams.AddShard("shard-1"), "a");
        var leases = new BreakingLeaseStore(Bench.Leases) { LostAcquisitions = 1 };
        await using var consumer = Bench.Start(Streams, leases: leases);

        await Bench.NotedAsync(1);

        leases.LostAcquisitions.ShouldBe(0);
    }

    /// <summary>
    /// An owner as SIGKILL leaves it: it holds the lease and will never be heard of again.
    /// </summary>
    private async Task<ShardLease> KilledOwnerAsync() => (await Bench.Leases.TryAcquireAsync(
        new ShardState(Streams.Current.StreamArn, "shard-1", null, false, true), "killed", TimeSpan.FromMilliseconds(300), CancellationToken.None)).ShouldNotBeNull();
}
