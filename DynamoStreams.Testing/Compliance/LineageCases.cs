using DynamoStreams.Api;
using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>Streams and shards as listings find them.</summary>
internal static class LineageCases
{
    // After this many listings without it a stream counts as removed. After one more it is deleted.
    private const int ListingsUntilGone = 3;

    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(What_is_written_is_read_back), new(Only_shards_of_streams_that_have_begun_are_open), new(Open_shards_come_by_stream_and_id), new(A_shard_that_is_known_stays_as_it_is), new(Tables_do_not_see_each_other),
        new(A_stream_that_takes_the_place_of_another_leaves_a_gap), new(A_stream_is_gone_when_several_listings_lack_it), new(A_stream_that_is_disabled_or_not_the_newest_gets_no_more),
        new(A_shard_whose_children_are_lost_goes_and_leaves_a_gap), new(A_shard_that_is_not_needed_goes), new(A_stream_that_is_gone_is_forgotten_with_its_last_shard),
    ];

    private static async Task What_is_written_is_read_back(Trial trial)
    {
        await trial.WriteAsync(Plan with
        {
            NewStreams = [Listed("stream-a", "2026-02"), Listed("stream-b", "2026-01")],
            Begins = ["stream-b"],
            Unknown = [("stream-b", new ShardDescription("parent", null)), ("stream-b", new ShardDescription("child", "parent"))],
        });

        var lineage = await trial.LineageAsync();

        That(lineage.StreamArns is ["stream-b", "stream-a"], "the streams by their labels, oldest first");
        That(lineage.Begun.SetEquals(["stream-b"]));
        That(lineage.Shards.Count == 2);
        That(await trial.WrittenAsync("child") is { StreamArn: "stream-b", ParentShardId: "parent", Finished: false, Checkpoint: null });
        That(await trial.SeenAsync("child") is { ParentShardId: "parent" });
        That(await trial.WrittenAsync("parent") is { ParentShardId: null });
    }

    private static async Task Only_shards_of_streams_that_have_begun_are_open(Trial trial)
    {
        await trial.WriteAsync(Plan with { NewStreams = [Listed(Arn)], Unknown = [(Arn, new ShardDescription(Shard, null))] });
        await trial.Store.AddAsync([("stream-2", new ShardDescription("shard-2", null))], CancellationToken.None);
        That((await trial.LookAsync()).Open is []);

        await trial.WriteAsync(Plan with { Begins = [Arn] });

        That((await trial.LookAsync()).Open is [{ ShardId: Shard }]);
        That((await trial.LineageAsync()).Shards.Count == 1, "the shard of a stream that is not written down belongs to no table");
    }

    private static async Task Open_shards_come_by_stream_and_id(Trial trial)
    {
        await trial.WriteAsync(Plan with { NewStreams = [Listed("stream-a", "2026-02"), Listed("stream-b", "2026-01")], Begins = ["stream-a", "stream-b"] });
        await trial.Store.AddAsync(
            [("stream-a", new ShardDescription("shard-1", null)), ("stream-b", new ShardDescription("shard-3", null)), ("stream-b", new ShardDescription("shard-2", null))], CancellationToken.None);

        That((await trial.LookAsync()).Open is [{ ShardId: "shard-2" }, { ShardId: "shard-3" }, { ShardId: "shard-1" }]);
    }

    private static async Task A_shard_that_is_known_stays_as_it_is(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1");

        await trial.Store.AddAsync([(Arn, new ShardDescription(Shard, "another")), (Arn, new ShardDescription("shard-2", Shard))], CancellationToken.None);
        await trial.AddStreamAsync();

        That(await trial.SeenAsync() is { Owner: "a", ParentShardId: null });
        That(await trial.WrittenAsync() is { Checkpoint: "1" });
        That(await trial.SeenAsync("shard-2") is { ParentShardId: Shard, Free: true });
    }

    private static async Task Tables_do_not_see_each_other(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.AddStreamAsync("stream-2", "payments", "shard-2");
        await trial.WriteAsync(Plan with { Disabled = [Arn] });
        await trial.WriteAsync(Plan, "payments");

        That((await trial.LookAsync()).Open is [{ StreamArn: Arn, ShardId: Shard, GetsNoMore: true }]);
        That((await trial.LookAsync("payments")).Open is [{ StreamArn: "stream-2", ShardId: "shard-2", GetsNoMore: false }]);
        That(await trial.LineageAsync("payments") is { StreamArns: ["stream-2"], Shards.Count: 1 });
        That(await trial.GapsAsync() is []);
    }

    private static async Task A_stream_that_takes_the_place_of_another_leaves_a_gap(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.WriteAsync(Plan with { NewStreams = [Listed("stream-2")] });
        That(await trial.GapsAsync() is [], "a first stream, or one that has not begun, leaves none");

        await trial.WriteAsync(Plan with { Begins = ["stream-2"] });
        await trial.WriteAsync(Plan with { Begins = ["stream-2"] });

        That(await trial.GapsAsync() is [{ StreamArn: "stream-2", ShardId: "", After: null }]);
    }

    private static async Task A_stream_is_gone_when_several_listings_lack_it(Trial trial)
    {
        await trial.AddStreamAsync();
        for (var listing = 1; listing < ListingsUntilGone; listing++)
        {
            await trial.WriteAsync(Plan with { Missing = [Arn] });
        }

        That(await trial.SeenAsync() is { IsStreamGone: false });
        await trial.WriteAsync(Plan with { Missing = [Arn] });
        That(await trial.SeenAsync() is { IsStreamGone: true });

        // A listing that contains it resets the count.
        await trial.WriteAsync(Plan);
        That(await trial.SeenAsync() is { IsStreamGone: false });
        await trial.WriteAsync(Plan with { Missing = [Arn] });
        That(await trial.SeenAsync() is { IsStreamGone: false });
    }

    private static async Task A_stream_that_is_disabled_or_not_the_newest_gets_no_more(Trial trial)
    {
        await trial.AddStreamAsync();
        That(await trial.SeenAsync() is { GetsNoMore: false });
        await trial.WriteAsync(Plan with { Disabled = [Arn] });
        That(await trial.SeenAsync() is { GetsNoMore: true });
        await trial.WriteAsync(Plan);
        That(await trial.SeenAsync() is { GetsNoMore: false });

        await trial.AddStreamAsync("stream-2", Table, "shard-2");

        That(await trial.SeenAsync() is { GetsNoMore: true });
        That(await trial.SeenAsync("shard-2") is { GetsNoMore: false });
    }

    private static async Task A_shard_whose_children_are_lost_goes_and_leaves_a_gap(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        await trial.CommitAsync(await trial.AcquireAsync("a"), "1", endsShard: true);

        // The other shard stays: the plan saw it as finished, but it was reopened since.
        await trial.WriteAsync(Plan with { BrokenOff = [await trial.WrittenAsync(), await trial.WrittenAsync("shard-2")] });

        That((await trial.LineageAsync()).Shards.Select(shard => shard.ShardId).SequenceEqual(["shard-2"], StringComparer.Ordinal));
        That(await trial.GapsAsync() is [{ StreamArn: Arn, ShardId: Shard, After: "1" }]);
        That(await trial.SeenAsync("shard-2") is { Finished: false });
    }

    private static async Task A_shard_that_is_not_needed_goes(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        await trial.CommitAsync(await trial.AcquireAsync("a"), "1", endsShard: true);

        await trial.WriteAsync(Plan with { Forgettable = [await trial.WrittenAsync(), await trial.WrittenAsync("shard-2")] });

        That((await trial.LineageAsync()).Shards.Select(shard => shard.ShardId).SequenceEqual(["shard-2"], StringComparer.Ordinal));
        That(await trial.SeenAsync("shard-2") is { Finished: false });
        That(await trial.GapsAsync() is []);
    }

    private static async Task A_stream_that_is_gone_is_forgotten_with_its_last_shard(Trial trial)
    {
        await trial.AddStreamAsync();
        for (var listing = 0; listing <= ListingsUntilGone; listing++)
        {
            await trial.WriteAsync(Plan with { Missing = [Arn] });
        }

        That(await trial.LineageAsync() is { StreamArns: [Arn] }, "as long as a shard of it is there, so is the stream");
        await trial.CommitAsync(await trial.AcquireAsync("a"), "1", endsShard: true);

        await trial.WriteAsync(Plan with { Missing = [Arn], Forgettable = [await trial.WrittenAsync()] });

        That(await trial.LineageAsync() is { StreamArns: [], Begun.Count: 0, Shards.Count: 0 });
    }
}
