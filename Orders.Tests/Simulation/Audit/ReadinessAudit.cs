using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Tests.Simulation.Sync;

namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// Where something waits and nothing was applied for half a minute, no instance says that it is ready; at
/// rest every one does.
/// </summary>
internal sealed class ReadinessAudit(Auditor auditor, World world)
{
    // Half a minute; ten seconds, which a call takes to fail that nobody answers; and as long as a heartbeat
    // may be on its way.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    private TimeSpan _lastStill;

    public void Check(IReadOnlyList<SyncInstance> instances)
    {
        // Who is frozen counts nothing, and goes on with what it knew.
        if (instances.Any(instance => !instance.Process.IsRunning))
        {
            _lastStill = world.Now;
        }

        if (auditor.History.WaitsSince() is not { } since || world.Now - since < Longest || world.Now - auditor.Shards.LastCommit < Longest || world.Now - _lastStill < Longest)
        {
            return;
        }

        foreach (var instance in instances.Where(instance => instance.Readiness() is { Status: HealthStatus.Healthy }))
        {
            auditor.Break("nobody is ready while nothing goes on", $"{instance.Process.Name} is, though something waits since {since} and nothing was applied since {auditor.Shards.LastCommit}");
        }
    }

    public static bool IsEverybodyReady(IEnumerable<SyncInstance> running) => running.All(instance => instance.Readiness() is { Status: HealthStatus.Healthy });

    public void CheckAtRest(IEnumerable<SyncInstance> running)
    {
        foreach (var instance in running)
        {
            if (instance.Readiness() is { Status: not HealthStatus.Healthy } result)
            {
                auditor.Break("at rest everybody is ready", $"{instance.Process.Name}: {result.Description}");
            }
        }
    }
}
