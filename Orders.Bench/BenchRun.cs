using System.Diagnostics;
using Orders.Bench.Cli;
using Orders.Bench.Report;
using Orders.Bench.Stores;
using Orders.Local.Cli;
using Orders.Local.Engines;
using Orders.Local.Run;

namespace Orders.Bench;

/// <summary>One run: engines of its own, the benches asked for, the table, the files.</summary>
internal sealed class BenchRun(BenchSettings settings, Screen screen)
{
    private const int Stopped = 130;

    /// <returns>0 when all that must be reached is; 1 when something is not, or nothing could be measured.</returns>
    public async Task<int> RunAsync()
    {
        using var signals = new StopSignals();
        var began = Stopwatch.GetTimestamp();
        try
        {
            await using var engines = await BenchEngines.StartAsync(screen, signals.Token);
            var rows = await MeasureAsync(new(settings, engines, screen), signals.Token);
            return Conclude(rows, Stopwatch.GetElapsedTime(began));
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
    }

    private async Task<List<ResultRow>> MeasureAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var rows = new List<ResultRow>();
        foreach (var bench in Benches.All.Where(bench => settings.Bench == BenchCommand.All || bench.Name == settings.Bench))
            rows.AddRange(await bench.RunAsync(context, cancellationToken));
        return rows;
    }

    private int Conclude(List<ResultRow> rows, TimeSpan took)
    {
        screen.Line();
        screen.Line(TextReport.Render(rows));
        screen.Line($"{settings.Rounds} rounds in {took.TotalMinutes:0.0} min.");
        if (settings.Save)
            screen.Line($"Written: {ReportFiles.Write(rows, settings, took)}");
        if (settings.Quick)
        {
            screen.Line("Measured with little data: nothing is judged by it.");
            return 0;
        }

        var missed = rows.Where(row => row.IsMet == false).ToList();
        foreach (var row in missed)
            screen.Line($"Not reached: {row.Bench}, {row.Subject} against {row.Rival}: {row.Judged.Text(row.Unit)}, must be {row.MustReach!.Text(row.Unit)}");
        return missed.Count == 0 ? 0 : 1;
    }
}
