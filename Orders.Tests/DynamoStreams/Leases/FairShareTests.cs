using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Leases;

public sealed class FairShareTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public void One_instance_takes_everything() => Decide("a", ["a"], Free(5)).Take.Count.ShouldBe(5);

    [Fact]
    public void An_instance_leaves_the_others_their_share() => Decide("a", ["a", "b"], Free(6)).Take.Count.ShouldBe(3);

    [Fact]
    public void An_instance_that_joins_is_given_shards_a_few_at_a_time()
    {
        Decide("a", ["a", "b"], Held("a", 4)).GiveUp.Count.ShouldBe(1);
        Decide("b", ["a", "b"], Held("a", 4)).Take.ShouldBeEmpty("it takes only what is free");
        Decide("a", ["a", "b"], Held("a", 100)).GiveUp.Count.ShouldBeLessThan(50);
    }

    [Fact]
    public void A_difference_of_one_moves_nothing()
    {
        ShardState[] shards = [.. Held("a", 3), .. Held("b", 2)];

        Decide("a", ["a", "b"], shards).GiveUp.ShouldBeEmpty();
        Decide("b", ["a", "b"], shards).Take.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_given_up_is_left_to_the_one_it_is_for()
    {
        ShardState[] shards = [.. Held("a", 1), .. Held("b", 2), .. Free(1)];

        Decide("a", ["a", "b", "c"], shards).Take.ShouldBeEmpty();
        Decide("c", ["a", "b", "c"], shards).Take.Count.ShouldBe(1);
    }

    [Fact]
    public void Nothing_stays_free_because_the_one_it_is_for_does_not_come() =>
        Decide("a", ["a", "b", "c"], [.. Held("a", 1), .. Held("b", 2), .. Free(1, Patience * 2)]).Take.Count.ShouldBe(1);

    [Fact]
    public void Instances_that_see_the_same_reach_for_different_shards()
    {
        string[] instances = [.. Enumerable.Range(0, 7).Select(i => $"instance-{i}")];
        var shards = Free(100);

        var taken = instances.SelectMany(instance => Decide(instance, instances, shards).Take).Select(shard => shard.ShardId).ToList();

        taken.Distinct().Count().ShouldBe(taken.Count);
        taken.Count.ShouldBe(100, "all of them at once, the two left over too");
    }

    [Fact]
    public void What_is_free_does_not_keep_others_from_giving_while_more_is_lacking() =>
        Decide("a", ["a", "b", "c"], [.. Held("a", 60), .. Held("b", 29), .. Free(1)]).GiveUp.ShouldNotBeEmpty();

    [Fact]
    public void From_anywhere_the_instances_come_to_rest_in_balance() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            string[] instances = [.. Enumerable.Range(0, random.Next(1, 7)).Select(i => $"instance-{i}")];
            var shards = Enumerable.Range(0, random.Next(0, 60)).Select(i => Shard(i, random.Next(3) == 0 ? null : instances[random.Next(instances.Length)])).ToArray();
            var moved = 0;
            for (var turn = 0; turn < 300; turn++)
            {
                moved = Turn(random, instances, shards) ? turn : moved;
            }

            var held = instances.Select(instance => shards.Count(shard => shard.Owner == instance)).ToArray();
            return shards.All(shard => !shard.Free) && held.Max() - held.Min() <= 1 && moved < 200;
        }));

    /// <summary>Every instance decides by the same view, and then acts: as stale as it can get.</summary>
    private static bool Turn(Random random, string[] instances, ShardState[] shards)
    {
        var moves = instances.OrderBy(_ => random.Next()).Select(instance => (instance, moves: Decide(instance, instances, shards))).ToList();
        foreach (var (instance, move) in moves)
        {
            foreach (var taken in move.Take)
            {
                var index = Array.FindIndex(shards, shard => shard.Key == taken.Key);
                if (shards[index].Free)
                {
                    shards[index] = shards[index] with { Free = false, Owner = instance };
                }
            }

            foreach (var given in move.GiveUp)
            {
                var index = Array.FindIndex(shards, shard => shard.Key == given.Key);
                shards[index] = shards[index] with { Free = true, Owner = null };
            }
        }

        return moves.Exists(entry => entry.moves.Take.Count + entry.moves.GiveUp.Count > 0);
    }

    private static LeaseMoves Decide(string me, string[] instances, IReadOnlyList<ShardState> shards) => FairShare.Decide(me, shards, instances, Patience);

    private static ShardState[] Free(int count, TimeSpan freeFor = default) => [.. Enumerable.Range(0, count).Select(i => Shard(1000 + i, null) with { FreeFor = freeFor })];

    private static ShardState[] Held(string owner, int count) => [.. Enumerable.Range(0, count).Select(i => Shard(i, owner))];

    private static ShardState Shard(int number, string? owner) => new("arn", $"{owner}-{number}", null, Finished: false, Free: owner is null) { Owner = owner };
}
