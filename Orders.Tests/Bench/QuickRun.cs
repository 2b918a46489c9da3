using Orders.Bench;
using Orders.Bench.Cli;
using Orders.Local.Cli;
using Shouldly;

namespace Orders.Tests.Bench;

/// <summary>One bench with little data.</summary>
internal static class QuickRun
{
    /// <summary>Runs it once; it must end well.</summary>
    /// <returns>The table's lines.</returns>
    public static async Task<string[]> TableAsync(string bench)
    {
        var output = new StringWriter();
        var errors = new StringWriter();

        var exitCode = await new BenchRun(new BenchSettings { Bench = bench, Quick = true, Rounds = 1 }, new Screen(output, errors, colour: false)).RunAsync();

        errors.ToString().ShouldBeEmpty();
        exitCode.ShouldBe(0, output.ToString());
        return [.. output.ToString().Split('\n').Where(line => line.StartsWith(bench + " ", StringComparison.Ordinal))];
    }

    /// <summary>There must be a row of ours beside a rival.</summary>
    public static void ShouldCompare(this string[] table, string ours, string rival) => table.Select(Sides).ShouldContain($"{ours} / {rival}");

    // Of a row: its bench, what of ours, our figure, the rival.
    private static string Sides(string row) => row.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [_, var ours, _, var rival, ..] ? $"{ours} / {rival}" : row;
}
