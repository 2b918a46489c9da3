using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Orders.Tests.Chaos;

/// <summary>
/// Two processes, one shard, orders flowing: the process that has the shard goes. The times are printed, not
/// judged.
/// </summary>
public sealed class TakeOverTests(ITestOutputHelper output)
{
    private const int Terminate = 15;

    // Each of the two goes once.
    private const int Rounds = 2;

    [Fact]
    public Task A_killed_owner_is_replaced_by_the_other_process_and_nothing_is_lost_or_repeated() =>
        OwnersGoAsync("killed", owner => owner.KillAsync());

    [Fact]
    public Task A_stopped_owner_hands_over_to_the_other_process_and_nothing_is_lost_or_repeated() =>
        OwnersGoAsync("stopped", async owner =>
        {
            owner.Signal(Terminate);
            var (exitCode, said) = await owner.ExitAsync();
            exitCode.ShouldBe(0, said);
        });

    private async Task OwnersGoAsync(string how, Func<ServiceProcess, Task> goAsync)
    {
        await using var system = await ChaosSystem.StartAsync(instances: 2);
        using var load = new OrderLoad(system.Api, clients: 2, seed: 1);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await OwnerGoesAsync(system, how, goAsync);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await running;
        await system.ShouldAgreeAsync(load);
    }

    private async Task OwnerGoesAsync(ChaosSystem system, string how, Func<ServiceProcess, Task> goAsync)
    {
        await Eventually.HoldsAsync(async () => await system.CountRunningAsync() >= system.Instances);
        var (gone, _) = await OwnerAsync(system, (owner, records) => owner >= 0 && records > 0);

        var started = Stopwatch.GetTimestamp();
        var going = goAsync(system.Process(gone));
        var (_, taken) = await OwnerAsync(system, (owner, _) => owner >= 0 && owner != gone);
        var owned = Stopwatch.GetElapsedTime(started);
        await OwnerAsync(system, (owner, records) => owner >= 0 && owner != gone && records > taken);
        output.WriteLine($"{how}: the other had the shard after {owned.TotalMilliseconds:0} ms, and had applied a later record after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        await going;
        await system.ReplaceInstanceAsync(gone);
    }

    private static async Task<(int Owner, long Records)> OwnerAsync(ChaosSystem system, Func<int, long, bool> condition)
    {
        var seen = (Owner: -1, Records: 0L);
        await Eventually.HoldsAsync(async () =>
        {
            seen = await system.OwnerAsync();
            return condition(seen.Owner, seen.Records);
        });
        return seen;
    }
}
