using System.Diagnostics;
using Orders.Bench.Measuring;
using Orders.Bench.Stores;
using Orders.Engines;
using Orders.Local.Cli;
using Orders.Local.Run;

namespace Orders.Bench.Soak;

/// <summary>The whole of Orders under a steady load for a long time, with restarts; its figures for each
/// minute, and what an auditor finds at the end.</summary>
internal static class SoakRun
{
    private const int Stopped = 130;

    // What a process may hold more at the end than after the first third.
    private const double MemoryGrowth = 1.25;
    private const int MegabytesMore = 40;
    private const int FilesMore = 25;
    private const int ThreadsMore = 10;
    private const int ConnectionsMore = 10;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestartEvery = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(3);

    /// <returns>The exit code: 0 when nothing grew and all stores agree.</returns>
    public static async Task<int> RunAsync(SoakSettings settings, Screen screen)
    {
        if (!OperatingSystem.IsLinux())
        {
            screen.Line("A soak reads what processes hold from /proc, which only Linux has.");
            return 1;
        }

        using var signals = new StopSignals();
        var lake = Directory.CreateTempSubdirectory("orders-soak-").FullName;
        try
        {
            await using var engines = await BenchEngines.StartAsync(screen, signals.Token);
            await using var system = await SoakSystem.StartAsync(engines, lake, screen, signals.Token);
            screen.Line($"Seed {settings.Seed}: {settings.Orders} orders a second for {settings.Minutes} min; of each two services one is restarted, in turn, every {RestartEvery.TotalSeconds:0} s.");
            using var load = new SoakLoad(system, settings);
            var faults = await LoadAsync(system, load, settings, screen, signals.Token);
            faults.AddRange(await AuditAsync(engines, system, load, screen));
            foreach (var fault in faults)
            {
                screen.Line($"WRONG: {fault}");
            }

            screen.Line(faults.Count == 0 ? "Nothing grew, and all stores agree." : $"{faults.Count} faults.");
            return faults.Count == 0 ? 0 : 1;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            screen.Line("Stopped.");
            return Stopped;
        }
        catch (EngineException failure)
        {
            screen.Fail(failure);
            return 1;
        }
        finally
        {
            Directory.Delete(lake, recursive: true);
        }
    }

    private static async Task<List<string>> LoadAsync(SoakSystem system, SoakLoad load, SoakSettings settings, Screen screen, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = load.RunAsync(over.Token);
        var restarting = RestartAsync(system, new Random(settings.Seed), screen, over.Token);
        var minutes = new List<Measured>();
        try
        {
            for (var minute = 1; minute <= settings.Minutes; minute++)
            {
                await Task.WhenAny(Task.Delay(Minute, cancellationToken), running, restarting);
                cancellationToken.ThrowIfCancellationRequested();
                await (running.IsCompleted ? running : restarting.IsCompleted ? restarting : Task.CompletedTask);
                var connections = await system.CountConnectionsAsync(cancellationToken);
                minutes.Add(new(system.Steady.ToDictionary(service => service.Name, service => service.Footprint!, StringComparer.Ordinal), connections.Postgres, connections.Redis));
                screen.Line($"minute {minute}: {minutes[^1]}");
                screen.Line($"  {load.TakeAnswers()}");
            }
        }
        finally
        {
            await over.CancelAsync();
            await restarting;
            await running;
        }

        screen.Line($"Restarts: {string.Join(", ", system.Restarted.Select(service => $"{service.Name} {service.Restarts}"))}");
        return Judge(minutes);
    }

    // One after the other; each second time without a chance to end in order.
    private static async Task RestartAsync(SoakSystem system, Random random, Screen screen, CancellationToken cancellationToken)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                await Task.Delay(RestartEvery, cancellationToken);
                var service = system.Restarted[turn % system.Restarted.Count];
                var crash = random.Next(2) == 0;
                var began = Stopwatch.GetTimestamp();
                await service.RestartAsync(crash, CancellationToken.None);
                screen.Line($"  {service.Name} was {(crash ? "killed" : "stopped")} and is ready again after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the soak.
        }
    }

    private static List<string> Judge(List<Measured> minutes)
    {
        var faults = new List<string>();
        if (minutes.Count < 6)
        {
            return faults;
        }

        var third = minutes.Count / 3;
        var (early, late) = (minutes.GetRange(third, third), minutes.GetRange(minutes.Count - third, third));
        foreach (var name in minutes[0].Services.Keys)
        {
            var (before, after) = (Middle(early.Select(minute => minute.Services[name])), Middle(late.Select(minute => minute.Services[name])));
            if (after.Megabytes > (before.Megabytes * MemoryGrowth) + MegabytesMore || after.Files > before.Files + FilesMore || after.Threads > before.Threads + ThreadsMore)
            {
                faults.Add($"{name} grew from {before} to {after}");
            }
        }

        var (some, more) = (early.Max(minute => minute.Postgres + minute.Redis), late.Max(minute => minute.Postgres + minute.Redis));
        if (more > some + ConnectionsMore)
        {
            faults.Add($"connections to the stores grew from {some} to {more}");
        }

        return faults;
    }

    private static Footprint Middle(IEnumerable<Footprint> several)
    {
        var all = several.ToList();
        return new(Median(all.Select(one => one.Megabytes)), (int)Median(all.Select(one => (long)one.Files)), (int)Median(all.Select(one => (long)one.Threads)));
    }

    private static long Median(IEnumerable<long> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    // The last changes are still on their way when the load ends.
    private static async Task<IReadOnlyList<string>> AuditAsync(BenchEngines engines, SoakSystem system, SoakLoad load, Screen screen)
    {
        var auditor = new SoakAuditor(engines.Addresses.DynamoDb, ServiceSettings.Table, system.Postgres, engines.Redis, Path.Combine(system.Lake, "warehouse.duckdb"));
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (counts, faults) = await auditor.CompareAsync(load.Placed);
            if (faults.Count == 0 || Stopwatch.GetElapsedTime(began) > Settling)
            {
                screen.Line($"Audit after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: accepted {load.Placed.Count}, {counts}");
                return faults;
            }

            await Task.Delay(Pause);
        }
    }

    private sealed record Measured(IReadOnlyDictionary<string, Footprint> Services, long Postgres, long Redis)
    {
        public override string ToString() =>
            $"{string.Join("; ", Services.Select(service => $"{service.Key} {service.Value.Megabytes}/{service.Value.Files}/{service.Value.Threads}"))} (MiB/files/threads); connections: postgres {Postgres}, redis {Redis}";
    }
}
