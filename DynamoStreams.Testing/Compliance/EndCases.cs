using DynamoStreams.Leases;
using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>Abandoned shards, gaps, reopened shards.</summary>
internal static class EndCases
{
    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(A_shard_that_is_given_up_is_finished_and_leaves_a_gap), new(Nothing_is_given_up_under_an_older_token), new(A_gap_in_a_shard_clears_its_checkpoint), new(No_gap_is_written_under_an_older_token),
        new(An_end_is_taken_back), new(An_end_that_has_changed_since_is_not_taken_back), new(What_has_not_ended_is_not_taken_back),
    ];

    private static async Task A_shard_that_is_given_up_is_finished_and_leaves_a_gap(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1");

        await trial.Store.AbandonAsync(lease, "it vanished", CancellationToken.None);

        That((await trial.LookAsync()).Open is []);
        That(await trial.WrittenAsync() is { Finished: true, Checkpoint: "1" });
        That(await trial.GapsAsync() is [{ StreamArn: Arn, ShardId: Shard, Reason: "it vanished", After: "1" }]);
    }

    private static async Task Nothing_is_given_up_under_an_older_token(Trial trial)
    {
        await trial.AddStreamAsync();
        var older = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(older);
        await trial.AcquireAsync("b");

        await trial.Store.AbandonAsync(older, "it vanished", CancellationToken.None);

        That(await trial.SeenAsync() is { Owner: "b" });
        That(await trial.GapsAsync() is []);
    }

    private static async Task A_gap_in_a_shard_clears_its_checkpoint(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1");

        await trial.Store.RecordGapAsync(lease, "it was trimmed", CancellationToken.None);

        That(await trial.GapsAsync() is [{ StreamArn: Arn, ShardId: Shard, Reason: "it was trimmed", After: "1" }]);
        That(await trial.SeenAsync() is { Owner: "a", Free: false });
        That(await trial.WrittenAsync() is { Checkpoint: null, Finished: false });
        await trial.CommitAsync(lease, "5");
        That(await trial.WrittenAsync() is { Checkpoint: "5" });
    }

    private static async Task No_gap_is_written_under_an_older_token(Trial trial)
    {
        await trial.AddStreamAsync();
        var older = await trial.AcquireAsync("a");
        await trial.CommitAsync(older, "1");
        await trial.ReleaseAsync(older);
        await trial.AcquireAsync("b");

        await FailsAsync<LeaseLostException>(() => trial.Store.RecordGapAsync(older, "it was trimmed", CancellationToken.None));

        That(await trial.GapsAsync() is []);
        That(await trial.WrittenAsync() is { Checkpoint: "1" });
    }

    private static async Task An_end_is_taken_back(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.CommitAsync(await trial.AcquireAsync("a"), "1", endsShard: true);
        var finished = await trial.WrittenAsync();

        That(await trial.Store.ReopenAsync(finished, CancellationToken.None));

        That(await trial.SeenAsync() is { Free: true, Owner: null, Finished: false });
        That(!await trial.Store.ReopenAsync(finished, CancellationToken.None));
        That(await trial.AcquireAsync("b") is { Checkpoint: "1" });
    }

    private static async Task An_end_that_has_changed_since_is_not_taken_back(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.CommitAsync(await trial.AcquireAsync("a"), "1", endsShard: true);
        var before = await trial.WrittenAsync();
        await trial.Store.ReopenAsync(before, CancellationToken.None);
        await trial.CommitAsync(await trial.AcquireAsync("b"), "2", endsShard: true);
        var now = await trial.WrittenAsync();

        That(!await trial.Store.ReopenAsync(before, CancellationToken.None));
        That(!await trial.Store.ReopenAsync(now with { FencingToken = before.FencingToken }, CancellationToken.None));
        That(!await trial.Store.ReopenAsync(now with { Checkpoint = before.Checkpoint }, CancellationToken.None));
        That(await trial.WrittenAsync() is { Finished: true });
    }

    private static async Task What_has_not_ended_is_not_taken_back(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.AcquireAsync("a");

        That(!await trial.Store.ReopenAsync(await trial.WrittenAsync(), CancellationToken.None));

        That(await trial.SeenAsync() is { Owner: "a", Free: false });
    }
}
