using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>Who reads a shard.</summary>
internal static class LeaseCases
{
    private static readonly TimeSpan StreamsMemory = TimeSpan.FromHours(24);

    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(A_shard_has_one_owner), new(The_fencing_token_rises_with_every_owner), new(Of_several_shards_those_that_are_free_are_got), new(A_lease_runs_out),
        new(The_leases_of_a_live_instance_do_not_run_out), new(A_heartbeat_prolongs_the_leases_that_it_names), new(A_heartbeat_under_an_older_token_prolongs_nothing),
        new(A_heartbeat_does_not_take_back_what_was_released), new(A_release_under_an_older_token_does_nothing), new(A_shard_of_which_nothing_was_read_for_24_hours_is_overdue),
        new(A_shard_that_was_caught_up_or_has_a_checkpoint_is_not_overdue),
    ];

    private static async Task A_shard_has_one_owner(Trial trial)
    {
        await trial.AddStreamAsync();
        That(await trial.SeenAsync() is { Free: true, Owner: null, FencingToken: 0, Finished: false });

        var lease = await trial.AcquireAsync("a");

        That(lease is { StreamArn: Arn, ShardId: Shard, Checkpoint: null, IsOverdue: false });
        That(await trial.SeenAsync() is { Free: false, Owner: "a" });
        That(await trial.TryAcquireAsync("b") is null);
        That(await trial.TryAcquireAsync("a") is null);
    }

    private static async Task The_fencing_token_rises_with_every_owner(Trial trial)
    {
        await trial.AddStreamAsync();
        var first = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(first);
        That(await trial.SeenAsync() is { Free: true, Owner: null });

        var second = await trial.AcquireAsync("b");

        That(second.FencingToken > first.FencingToken);
        That((await trial.SeenAsync()).FencingToken == second.FencingToken);
    }

    private static async Task Of_several_shards_those_that_are_free_are_got(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2", "shard-3"]);
        await trial.AcquireAsync("a", shardId: "shard-2");

        var leases = await trial.Store.TryAcquireAsync([Named("shard-1"), Named("shard-2"), Named("shard-3"), Named("shard-4")], "b", Long, CancellationToken.None);

        That(leases.Select(lease => lease.ShardId).Order(StringComparer.Ordinal).SequenceEqual(["shard-1", "shard-3"], StringComparer.Ordinal));
        That(await trial.SeenAsync("shard-2") is { Owner: "a" });
    }

    private static async Task A_lease_runs_out(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.AcquireAsync("a", Short);
        That(await trial.SeenAsync() is { Free: false });

        await trial.AdvanceAsync(Between);

        var seen = await trial.SeenAsync();
        That(seen is { Free: true, Owner: "a" });
        That(seen.FreeFor > Short && seen.FreeFor < Between);
        That(await trial.TryAcquireAsync("b") is not null);
    }

    private static async Task The_leases_of_a_live_instance_do_not_run_out(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.HeartbeatAsync("a", Long);
        await trial.AcquireAsync("a", Short);

        await trial.AdvanceAsync(Between);

        That(await trial.SeenAsync() is { Free: false });
        That(await trial.TryAcquireAsync("b") is null);
    }

    private static async Task A_heartbeat_prolongs_the_leases_that_it_names(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        var held = await trial.AcquireAsync("a", Short);
        await trial.AcquireAsync("a", Short, "shard-2");
        await trial.HeartbeatAsync("a", Long, held);
        await trial.Store.StandDownAsync("a", CancellationToken.None);

        await trial.AdvanceAsync(Between);

        That(await trial.SeenAsync() is { Free: false });
        That(await trial.SeenAsync("shard-2") is { Free: true });
    }

    private static async Task A_heartbeat_under_an_older_token_prolongs_nothing(Trial trial)
    {
        await trial.AddStreamAsync();
        var older = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(older);
        await trial.AcquireAsync("b", Short);
        await trial.HeartbeatAsync("a", Long, older);

        await trial.AdvanceAsync(Between);

        That(await trial.SeenAsync() is { Free: true });
    }

    private static async Task A_heartbeat_does_not_take_back_what_was_released(Trial trial)
    {
        await trial.AddStreamAsync();
        var lease = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(lease);
        await trial.HeartbeatAsync("a", Long, lease);

        await trial.AdvanceAsync(Between);

        var seen = await trial.SeenAsync();
        That(seen is { Free: true, Owner: null });
        That(seen.FreeFor >= Between);
    }

    private static async Task A_release_under_an_older_token_does_nothing(Trial trial)
    {
        await trial.AddStreamAsync();
        var older = await trial.AcquireAsync("a");
        await trial.ReleaseAsync(older);
        await trial.AcquireAsync("b");

        await trial.ReleaseAsync(older);

        That(await trial.SeenAsync() is { Free: false, Owner: "b" });
    }

    private static async Task A_shard_of_which_nothing_was_read_for_24_hours_is_overdue(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        That(await trial.AcquireAsync("a", Short, "shard-2") is { IsOverdue: false });

        await trial.AdvanceAsync(StreamsMemory + Between);

        That(await trial.AcquireAsync("b") is { IsOverdue: true });
        That(await trial.AcquireAsync("b", shardId: "shard-2") is { IsOverdue: true });
    }

    private static async Task A_shard_that_was_caught_up_or_has_a_checkpoint_is_not_overdue(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        var (caughtUp, read) = (await trial.AcquireAsync("a", Short), await trial.AcquireAsync("a", Short, "shard-2"));
        await trial.CommitAsync(read, "1");
        await trial.AdvanceAsync(Long);

        // The shard was polled without result half of that time ago.
        await trial.HeartbeatAsync("a", Short, caughtUp, Long / 2);
        await trial.AdvanceAsync(StreamsMemory - Long + Between);

        That(await trial.AcquireAsync("b") is { IsOverdue: false });
        That(await trial.AcquireAsync("b", shardId: "shard-2") is { IsOverdue: false });
    }
}
