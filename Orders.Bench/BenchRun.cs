using System.Diagnostics;
using Orders.Bench.Cli;
using Orders.Bench.Report;
using Orders.Bench.Stores;
using Orders.Engines;
using Orders.Local.Cli;
using Orders.Local.Run;

namespace Orders.Bench;

/// <summary>One run: its own engines, the chosen benches, the table, the files.</summary>
/// <param name="settings">The settings.</param>
/// <param name="screen">Receives all output.</param>
/// <param name="benches">The benches to choose from; null for all.</param>
internal sealed class BenchRun(BenchSettings settings, Screen screen, IReadOnlyList<IBench>? benches = null)
{
    private const int Stopped = 130;

    /// <returns>The exit code: 0 when every bound is met; 1 when one is not, or nothing could be
    /// measured.</returns>
    public async Task<int> RunAsync()
    {
        using var signals = new StopSignals();
        var began = Stopwatch.GetTimestamp();
        var rows = new List<ResultRow>();
        try
        {
            await using var engines = await BenchEngines.StartAsync(screen, signals.Token);
            var broken = await MeasureAsync(new(settings, engines, screen), rows, signals.Token);
            return Conclude(rows, broken, Stopwatch.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            Show(rows);
            screen.Line("Stopped.");
            return Stopped;
        }
        catch (EngineException failure)
        {
            screen.Fail(failure);
            return 1;
        }
    }

    /// <returns>The failed benches. A failure does not discard the measurements of the others, which took
    /// minutes.</returns>
    private async Task<List<string>> MeasureAsync(BenchContext context, List<ResultRow> rows, CancellationToken cancellationToken)
    {
        var broken = new List<string>();
        foreach (var bench in (benches ?? Benches.All).Where(bench => settings.Bench == BenchCommand.All || bench.Name == settings.Bench))
        {
            try
            {
                rows.AddRange(await bench.RunAsync(context, cancellationToken));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not EngineException)
            {
                context.Tell(bench.Name, $"failed: {failure}");
                broken.Add(bench.Name);
            }
        }

        return broken;
    }

    private void Show(List<ResultRow> rows)
    {
        screen.Line();
        if (rows.Count > 0)
        {
            screen.Line(TextReport.Render(rows));
        }
    }

    private int Conclude(List<ResultRow> rows, List<string> broken, TimeSpan took)
    {
        Show(rows);
        screen.Line($"{settings.Rounds} rounds in {took.TotalMinutes:0.0} min.");
        foreach (var bench in broken)
        {
            screen.Line($"Failed: {bench}; why is said above.");
        }

        if (settings.Save && broken.Count > 0)
        {
            screen.Line("Not written: a file with some of the benches would be taken for all of them.");
        }
        else if (settings.Save)
        {
            screen.Line($"Written: {ReportFiles.Write(rows, settings, took)}");
        }

        if (settings.Quick)
        {
            screen.Line("Measured with little data: nothing is judged by it.");
            return broken.Count == 0 ? 0 : 1;
        }

        var missed = rows.Where(row => row.IsMet == false).ToList();
        foreach (var row in missed)
        {
            screen.Line($"Not reached: {row.Bench}, {row.Subject} against {row.Rival}: {row.Judged.Text(row.Unit)}, must be {row.MustReach!.Text(row.Unit)}");
        }

        return missed.Count + broken.Count == 0 ? 0 : 1;
    }
}
