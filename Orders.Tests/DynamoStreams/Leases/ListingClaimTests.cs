using DynamoStreams.Api;
using DynamoStreams.Lineage;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Leases;

/// <summary>
/// What instances agree on in Postgres so that very many shards do not make them get in each other's way.
/// </summary>
public sealed class ListingClaimTests(ConsumerBench bench) : IClassFixture<ConsumerBench>, IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    public async ValueTask InitializeAsync() => await bench.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nobody_begins_a_listing_while_another_goes_on_however_due_it_is()
    {
        (await ClaimAsync(TimeSpan.Zero)).ShouldBeTrue();
        await bench.Leases.KeepListingAsync("orders", Long, CancellationToken.None);
        await bench.Leases.ListWithinAsync("orders", TimeSpan.Zero, CancellationToken.None);

        (await bench.Leases.LookAsync("orders", CancellationToken.None)).IsListingDue.ShouldBeFalse();
        (await ClaimAsync(Long)).ShouldBeFalse();

        await bench.Leases.EndListingAsync("orders", Long, CancellationToken.None);
        (await bench.Leases.LookAsync("orders", CancellationToken.None)).IsListingDue.ShouldBeTrue("it was asked for while the other went on");
        (await ClaimAsync(Long)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lister_that_died_is_replaced_when_its_claim_is_over()
    {
        (await ClaimAsync(TimeSpan.Zero)).ShouldBeTrue();

        (await ClaimAsync(Long)).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_shards_are_leased_in_one_call_but_for_those_that_somebody_has()
    {
        await bench.Leases.AddAsync([.. Enumerable.Range(0, 5).Select(i => ("arn", new ShardDescription($"shard-{i}", null)))], CancellationToken.None);
        ShardState[] shards = [.. Enumerable.Range(0, 5).Select(i => new ShardState("arn", $"shard-{i}", null, Finished: false, Free: true))];
        (await bench.Leases.TryAcquireAsync(shards[..2], "first", Long, CancellationToken.None)).Select(lease => lease.ShardId).ShouldBe(["shard-0", "shard-1"], ignoreOrder: true);

        var leases = await bench.Leases.TryAcquireAsync(shards, "second", Long, CancellationToken.None);

        leases.Select(lease => lease.ShardId).ShouldBe(["shard-2", "shard-3", "shard-4"], ignoreOrder: true);
        leases.ShouldAllBe(lease => lease.FencingToken == 1);
    }

    [Fact]
    public async Task An_instance_that_stands_down_has_no_share_and_keeps_its_leases()
    {
        await bench.ExecuteAsync("INSERT INTO sync.streams (stream_arn, table_name, label, begun) VALUES ('arn', 'orders', '1', true)");
        await bench.Leases.AddAsync([("arn", new ShardDescription("shard-1", null))], CancellationToken.None);
        await bench.Leases.HeartbeatAsync("orders", "owner", Long, [], CancellationToken.None);
        (await bench.Leases.TryAcquireAsync([new ShardState("arn", "shard-1", null, Finished: false, Free: true)], "owner", Long, CancellationToken.None)).ShouldHaveSingleItem();

        await bench.Leases.StandDownAsync("owner", CancellationToken.None);

        var view = await bench.Leases.LookAsync("orders", CancellationToken.None);
        view.Instances.ShouldBeEmpty();
        view.Open.ShouldHaveSingleItem().Free.ShouldBeFalse();
    }

    private Task<bool> ClaimAsync(TimeSpan interval) => bench.Leases.TryClaimListingAsync("orders", interval, CancellationToken.None);
}
