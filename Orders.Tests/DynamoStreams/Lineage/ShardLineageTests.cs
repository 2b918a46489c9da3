using DynamoStreams.Api;
using DynamoStreams.Lineage;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Lineage;

public sealed class ShardLineageTests
{
    private const string Arn = "arn:1";

    [Fact]
    public void A_first_shard_is_ready() => Ready(Plan([("1", null)], Known("1"))).ShouldBe(["1"]);

    [Fact]
    public void A_child_waits_for_its_parents_end() =>
        Ready(Plan([("1", null), ("2", "1")], Known("1"), Known("2", "1"))).ShouldBe(["1"]);

    [Fact]
    public void A_child_is_ready_when_its_parent_is_finished() =>
        Ready(Plan([("1", null), ("2", "1")], Known("1", finished: true), Known("2", "1"))).ShouldBe(["2"]);

    [Fact]
    public void A_child_of_a_parent_that_was_trimmed_long_ago_is_ready() => Ready(Plan([("2", "1")], Known("2", "1"))).ShouldBe(["2"]);

    [Fact]
    public void A_child_listed_before_its_parent_is_known_waits() => Ready(Plan([("1", null), ("2", "1")], Known("2", "1"))).ShouldBeEmpty();

    [Fact]
    public void An_unfinished_shard_that_is_no_longer_listed_has_vanished() =>
        Plan([("2", "1")], Known("1"), Known("2", "1")).Vanished.Select(shard => shard.ShardId).ShouldBe(["1"]);

    [Fact]
    public void A_shard_that_somebody_reads_has_not_vanished_however_the_listing_looks() =>
        Plan([], Known("1") with { Free = false }).Vanished.ShouldBeEmpty();

    [Fact]
    public void A_finished_shard_outlives_its_children()
    {
        Plan([("2", "1")], Known("1", finished: true), Known("2", "1")).Forgettable.ShouldBeEmpty();
        Plan([("3", "2")], Known("1", finished: true), Known("2", "1", finished: true), Known("3", "2")).Forgettable.Select(s => s.ShardId).ShouldBe(["1"]);
    }

    [Fact]
    public void A_newer_stream_waits_until_the_older_is_drained()
    {
        ShardListing[] listings = [Listing("arn:1", ("1", null)), Listing("arn:2", ("1", null))];
        var old = new ShardState("arn:1", "1", null, Finished: false, Free: true);
        var replaced = new ShardState("arn:2", "1", null, Finished: false, Free: true);

        ShardLineage.Plan(listings, [old, replaced]).Ready.ShouldBe([old]);
        ShardLineage.Plan(listings, [old with { Finished = true }, replaced]).Ready.ShouldBe([replaced]);
        ShardLineage.Plan(listings, [replaced]).Ready.ShouldBeEmpty("the older stream's shard is not even written down yet");
    }

    [Fact]
    public void In_any_lineage_nothing_is_read_before_its_ancestors_and_everything_is_read_in_the_end()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shards = new List<(string, string?)>();
            for (var i = 0; i < random.Next(1, 40); i++)
            {
                // A parent that is not in the list was trimmed.
                shards.Add(($"{i:00}", random.Next(4) == 0 ? null : $"{random.Next(-3, i):00}"));
            }

            var known = shards.Select(shard => Known(shard.Item1, shard.Item2)).ToList();
            var done = new HashSet<string>();
            while (Ready(Plan(shards, [.. known])) is { Count: > 0 } ready)
            {
                foreach (var shard in known.Where(shard => ready.Contains(shard.ShardId)))
                {
                    (shard.ParentShardId is null || done.Contains(shard.ParentShardId) || !shards.Exists(s => s.Item1 == shard.ParentShardId)).ShouldBeTrue($"seed {seed}");
                }

                var next = ready[random.Next(ready.Count)];
                done.Add(next).ShouldBeTrue($"seed {seed}: read once");
                known = [.. known.Select(shard => shard.ShardId == next ? shard with { Finished = true } : shard)];
            }

            done.Count.ShouldBe(shards.Count, $"seed {seed}");
        }
    }

    private static ShardState Known(string shardId, string? parent = null, bool finished = false) => new(Arn, shardId, parent, finished, Free: true);

    private static ShardListing Listing(string arn, params (string Id, string? Parent)[] shards) =>
        new(arn, [.. shards.Select(shard => new ShardDescription(shard.Id, shard.Parent))]);

    private static LineagePlan Plan(IEnumerable<(string Id, string? Parent)> listed, params ShardState[] known) =>
        ShardLineage.Plan([Listing(Arn, [.. listed])], known);

    private static List<string> Ready(LineagePlan plan) => [.. plan.Ready.Select(shard => shard.ShardId)];
}
