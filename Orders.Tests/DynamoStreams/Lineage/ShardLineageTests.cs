using DynamoStreams.Api;
using DynamoStreams.Lineage;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Lineage;

public sealed class ShardLineageTests
{
    private const string Arn = "arn:1";

    [Fact]
    public void A_first_shard_is_ready() => Ready(Known("1")).ShouldBe(["1"]);

    [Fact]
    public void A_child_waits_for_its_parents_end() => Ready(Known("1"), Known("2", "1")).ShouldBe(["1"]);

    [Fact]
    public void A_child_is_ready_when_its_parent_is_finished() => Ready(Known("1", finished: true), Known("2", "1")).ShouldBe(["2"]);

    [Fact]
    public void A_child_of_a_parent_that_was_trimmed_long_ago_is_ready() => Ready(Known("2", "1")).ShouldBe(["2"]);

    [Fact]
    public void A_child_and_its_parent_are_written_down_together() =>
        Plan([("2", "1"), ("1", null)]).Unknown.Select(entry => entry.Shard.ShardId).ShouldBe(["1", "2"], ignoreOrder: true);

    [Fact]
    public void A_child_whose_parent_is_not_listed_waits_for_the_services_word_on_the_parent()
    {
        var plan = Plan([("2", "1"), ("3", "2")]);

        plan.Unknown.ShouldBeEmpty();
        plan.Doubtful.ShouldBe([new ShardKey(Arn, "1")]);
        plan.IsSettled.ShouldBeFalse();
    }

    [Fact]
    public void A_child_whose_parent_is_gone_is_written_down() =>
        Plan([("2", "1"), ("3", "2")], Gone("1")).Unknown.Select(entry => entry.Shard.ShardId).ShouldBe(["2", "3"], ignoreOrder: true);

    [Fact]
    public void An_open_parent_that_listings_leave_out_is_written_down_from_its_childs_word() =>
        Plan([("2", "1")], new Dictionary<ShardKey, bool> { [new(Arn, "1")] = true }).Unknown.Select(entry => entry.Shard.ShardId).ShouldBe(["1", "2"], ignoreOrder: true);

    [Fact]
    public void A_finished_shard_outlives_its_children()
    {
        Plan([("2", "1")], known: [Known("1", finished: true), Known("2", "1")]).Forgettable.ShouldBeEmpty();
        Plan([("2", "1")], known: [Known("1", finished: true)]).Forgettable.ShouldBeEmpty("the child is about to be written down");
        Plan([("3", "2")], Gone("1"), Known("1", finished: true), Known("2", "1", finished: true), Known("3", "2"))
            .Forgettable.Select(shard => shard.ShardId).ShouldBe(["1"]);
    }

    [Fact]
    public void A_finished_shard_is_not_forgotten_because_one_listing_lacks_it()
    {
        var plan = Plan([("3", "2"), ("2", "1")], known: [Known("1", finished: true), Known("2", "1", finished: true), Known("3", "2")]);

        plan.Forgettable.ShouldBeEmpty();
        plan.Doubtful.ShouldBe([new ShardKey(Arn, "1")]);
    }

    [Fact]
    public void A_finished_shard_of_an_enabled_stream_must_have_children()
    {
        Plan([("1", null)], known: [Known("1", finished: true)]).IsSettled.ShouldBeFalse("the children are not listed yet");
        Plan([("3", null)], known: [Known("1", finished: true), Known("3")]).Doubtful.ShouldBe([new ShardKey(Arn, "1")]);
        Plan([("3", null)], Gone("1"), Known("1", finished: true), Known("3")).BrokenOff.Select(shard => shard.ShardId).ShouldBe(["1"]);
    }

    [Fact]
    public void The_last_shards_of_a_disabled_stream_have_no_children()
    {
        var plan = ShardLineage.Plan([Listing(Arn, ("1", null)) with { IsEnabled = false }], State(Known("1", finished: true)), new Dictionary<ShardKey, bool>());

        plan.IsSettled.ShouldBeTrue();
        plan.BrokenOff.ShouldBeEmpty();
    }

    [Fact]
    public void A_newer_stream_waits_until_the_older_is_drained()
    {
        ShardListing[] listings = [Listing("arn:1", ("1", null)) with { IsEnabled = false }, Listing("arn:2", ("1", null))];
        LineagePlan Plan(params ShardState[] known) => ShardLineage.Plan(listings, State(known), new Dictionary<ShardKey, bool>());

        Plan().Begins.ShouldBeEmpty("the older stream's shard is not even written down yet");
        Plan(Known("1")).Begins.ShouldBeEmpty();
        Plan(Known("1")).Unknown.ShouldHaveSingleItem("its shards are written down at once: they may be trimmed before their turn").StreamArn.ShouldBe("arn:2");
        Plan(Known("1", finished: true)).Begins.ShouldBe(["arn:2"]);
    }

    [Fact]
    public void A_stream_is_missing_only_when_a_newer_one_is_listed()
    {
        var known = new LineageState(["arn:1", "arn:2"], new HashSet<string>(), []);
        IReadOnlyList<string> Missing(params ShardListing[] listings) => ShardLineage.Plan(listings, known, new Dictionary<ShardKey, bool>()).Missing;

        Missing(Listing("arn:2")).ShouldBe(["arn:1"]);
        Missing(Listing("arn:1")).ShouldBeEmpty();
        Missing().ShouldBeEmpty();
    }

    [Fact]
    public void A_stream_that_is_being_enabled_and_lists_no_shards_yet_is_listed_again_soon() => Plan([]).IsSettled.ShouldBeFalse();

    private static ShardState Known(string shardId, string? parent = null, bool finished = false) => new(Arn, shardId, parent, finished, Free: true);

    private static Dictionary<ShardKey, bool> Gone(string shardId) => new() { [new(Arn, shardId)] = false };

    private static ShardListing Listing(string arn, params (string Id, string? Parent)[] shards) =>
        new(arn, [.. shards.Select(shard => new ShardDescription(shard.Id, shard.Parent))]);

    private static LineagePlan Plan(IEnumerable<(string Id, string? Parent)> listed, Dictionary<ShardKey, bool>? answers = null, params ShardState[] known) =>
        ShardLineage.Plan([Listing(Arn, [.. listed])], State(known), answers ?? []);

    private static LineageState State(params ShardState[] known) => new([Arn], new HashSet<string> { Arn }, known);

    private static List<string> Ready(params ShardState[] open) => [.. ShardLineage.Ready(open).Select(shard => shard.ShardId)];
}
