using System.CommandLine;

namespace Orders.Bench.Cli;

/// <summary>The command line.</summary>
internal static class BenchCommand
{
    public const string All = "all";
    private const int MostRounds = 100;

    /// <param name="run">Handles a valid command line; its result is the exit code.</param>
    public static RootCommand Create(Func<BenchSettings, Task<int>> run)
    {
        var bench = new Argument<string>("bench") { Description = "Which: " + string.Join(", ", Names) + ".", DefaultValueFactory = _ => All };
        bench.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !Names.Contains(result.Tokens[0].Value, StringComparer.Ordinal))
            {
                result.AddError($"'{result.Tokens[0].Value}' is no bench: choose one of {string.Join(", ", Names)}.");
            }
        });
        var rounds = Numbers.Option("--rounds", "How often each side is measured.", BenchSettings.DefaultRounds, least: 1, MostRounds);
        var quick = new Option<bool>("--quick") { Description = "Little data, to see that it works: nothing is judged by it." };
        var save = new Option<bool>("--save") { Description = "Write docs/benchmarks.md and its chart." };
        var command = new RootCommand("Orders beside other ways to do the same, on the same engines in the same run.") { bench, rounds, quick, save };
        command.Validators.Add(result =>
        {
            if (result.GetValue(quick) && result.GetValue(save))
            {
                result.AddError("--save writes down what was measured, and --quick measures nothing: leave one of them out.");
            }
        });
        command.SetAction((parsed, _) => run(new()
        {
            Bench = parsed.GetValue(bench)!,
            Rounds = parsed.GetValue(rounds),
            Quick = parsed.GetValue(quick),
            Save = parsed.GetValue(save),
        }));
        return command;
    }

    private static IEnumerable<string> Names => [.. Benches.All.Select(bench => bench.Name), All];
}
