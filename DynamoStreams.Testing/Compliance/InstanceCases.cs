using static DynamoStreams.Testing.Compliance.Trial;

namespace DynamoStreams.Testing.Compliance;

/// <summary>The instances that share the shards.</summary>
internal static class InstanceCases
{
    public static IReadOnlyList<LeaseStoreCase> All { get; } =
    [
        new(An_instance_is_seen_until_its_time_is_over), new(A_heartbeat_prolongs_the_life_of_an_instance), new(An_instance_is_seen_at_its_own_table),
        new(An_instance_that_stands_down_is_not_seen_and_keeps_its_leases), new(An_instance_that_leaves_gives_back_all_it_holds),
    ];

    private static async Task An_instance_is_seen_until_its_time_is_over(Trial trial)
    {
        await trial.HeartbeatAsync("b", Long);
        await trial.HeartbeatAsync("a", Short);
        That((await trial.LookAsync()).Instances is ["a", "b"]);

        await trial.AdvanceAsync(Between);

        That((await trial.LookAsync()).Instances is ["b"]);
    }

    private static async Task A_heartbeat_prolongs_the_life_of_an_instance(Trial trial)
    {
        await trial.HeartbeatAsync("a", Short);
        await trial.HeartbeatAsync("a", Long);

        await trial.AdvanceAsync(Between);

        That((await trial.LookAsync()).Instances is ["a"]);
    }

    private static async Task An_instance_is_seen_at_its_own_table(Trial trial)
    {
        await trial.HeartbeatAsync("a", Long);
        await trial.HeartbeatAsync("b", Long, table: "payments");

        That((await trial.LookAsync()).Instances is ["a"]);
        That((await trial.LookAsync("payments")).Instances is ["b"]);
    }

    private static async Task An_instance_that_stands_down_is_not_seen_and_keeps_its_leases(Trial trial)
    {
        await trial.AddStreamAsync();
        await trial.HeartbeatAsync("a", Long);
        await trial.AcquireAsync("a");

        await trial.Store.StandDownAsync("a", CancellationToken.None);

        That((await trial.LookAsync()).Instances is []);
        That(await trial.SeenAsync() is { Free: false, Owner: "a" });
        That(await trial.TryAcquireAsync("b") is null);
    }

    private static async Task An_instance_that_leaves_gives_back_all_it_holds(Trial trial)
    {
        await trial.AddStreamAsync(shards: ["shard-1", "shard-2"]);
        await trial.HeartbeatAsync("a", Long);
        await trial.AcquireAsync("a");
        await trial.AcquireAsync("b", shardId: "shard-2");

        await trial.Store.LeaveAsync("a", CancellationToken.None);

        That((await trial.LookAsync()).Instances is []);
        That(await trial.SeenAsync() is { Free: true, Owner: null });
        That(await trial.SeenAsync("shard-2") is { Free: false, Owner: "b" });
    }
}
