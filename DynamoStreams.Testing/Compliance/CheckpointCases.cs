using DynamoStreams.Leases;
using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>The transactions that apply batches.</summary>
internal static class CheckpointCases
{
    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(The_next_owner_begins_behind_the_checkpoint), new(A_batch_without_records_keeps_the_checkpoint), new(A_commit_under_an_older_token_fails),
        new(A_transaction_without_a_commit_changes_nothing), new(A_finished_shard_is_not_open_and_nobody_gets_it), new(A_shard_that_a_transaction_holds_is_not_got_and_nobody_waits_for_it),
        new(The_transactions_of_an_owner_that_is_gone_can_be_ended), new(The_transactions_of_a_live_owner_cannot_be_ended),
    ];

    private static async Task The_next_owner_begins_behind_the_checkpoint(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1");
        await trial.CommitAsync(lease, "2");
        await trial.ReleaseAsync(lease);

        That(await trial.AcquireAsync("b") is { Checkpoint: "2" });
        That(await trial.WrittenAsync() is { Checkpoint: "2" });
    }

    private static async Task A_batch_without_records_keeps_the_checkpoint(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1");
        await trial.CommitAsync(lease, sequenceNumber: null);

        That(await trial.WrittenAsync() is { Checkpoint: "1", Finished: false });

        await trial.CommitAsync(lease, sequenceNumber: null, endsShard: true);

        That(await trial.WrittenAsync() is { Checkpoint: "1", Finished: true });
    }

    private static async Task A_commit_under_an_older_token_fails(Trial trial)
    {
        await trial.AddStreamAsync();
        var older = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(older);
        var lease = await trial.AcquireAsync("b");
        await trial.CommitAsync(lease, "1");

        await FailsAsync<LeaseLostException>(() => trial.CommitAsync(older, "2", endsShard: true));

        That(await trial.WrittenAsync() is { Checkpoint: "1", Finished: false });
    }

    private static async Task A_transaction_without_a_commit_changes_nothing(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await using (await trial.BeginAsync(Batch(lease, "1", endsShard: true)))
        {
        }

        That(await trial.WrittenAsync() is { Checkpoint: null, Finished: false });
        await trial.CommitAsync(lease, "2");
        That(await trial.WrittenAsync() is { Checkpoint: "2" });
    }

    private static async Task A_finished_shard_is_not_open_and_nobody_gets_it(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.CommitAsync(lease, "1", endsShard: true);

        That((await trial.LookAsync()).Open is []);
        await trial.ReleaseAsync(lease);
        await trial.AdvanceAsync(Long * 2);
        That(await trial.TryAcquireAsync("b") is null);
        That(await trial.WrittenAsync() is { Checkpoint: "1", Finished: true });
        await FailsAsync<LeaseLostException>(() => trial.CommitAsync(lease, "2"));
    }

    private static async Task A_shard_that_a_transaction_holds_is_not_got_and_nobody_waits_for_it(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        var lease = await trial.AcquireAsync("a", Short);
        await using var transaction = await trial.BeginAsync(Batch(lease, "1"));
        await trial.AdvanceAsync(Between);

        await trial.HeartbeatAsync("a", Short, lease);
        await trial.Store.StandDownAsync("a", CancellationToken.None);
        var leases = await trial.Store.TryAcquireAsync([Named("shard-1"), Named("shard-2")], "b", Long, CancellationToken.None);
        await transaction.CommitAsync();

        That(leases is [{ ShardId: "shard-2" }]);
        That(await trial.AcquireAsync("b") is { Checkpoint: "1" });
    }

    private static async Task The_transactions_of_an_owner_that_is_gone_can_be_ended(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a", Short);
        await using var transaction = await trial.BeginAsync(Batch(lease, "1"));
        await trial.AdvanceAsync(Between);

        That(await trial.Store.EvictAsync(await trial.SeenAsync(), CancellationToken.None) == 1);

        await FailsAsync<Exception>(transaction.CommitAsync);
        That(await trial.AcquireAsync("b") is { Checkpoint: null });
    }

    private static async Task The_transactions_of_a_live_owner_cannot_be_ended(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.HeartbeatAsync("a", Long);
        var lease = await trial.AcquireAsync("a", Short);
        await using var transaction = await trial.BeginAsync(Batch(lease, "1"));
        await trial.AdvanceAsync(Between);

        That(await trial.Store.EvictAsync(await trial.SeenAsync(), CancellationToken.None) == 0);

        await transaction.CommitAsync();
        That(await trial.WrittenAsync() is { Checkpoint: "1" });
    }
}
