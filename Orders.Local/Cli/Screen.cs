using System.Globalization;
using Orders.Engines;
using Spectre.Console;

namespace Orders.Local.Cli;

/// <summary>The output on a terminal or to a pipe: plain lines, with colour only on a terminal.</summary>
internal sealed class Screen(TextWriter output, TextWriter errors, bool colour) : IProgress<EngineStep>
{
    private const int NameWidth = 18;
    private const int TextWidth = 72;
    private const int TableWidth = 400;
    private readonly Lock _gate = new();

    public static Screen Console { get; } = new(
        System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");

    /// <summary>Shows a completed step, and the start of a long one.</summary>
    public void Report(EngineStep value)
    {
        if (value.Took is { } took)
        {
            Line($"  {value.Engine,-NameWidth}{value.Text,-TextWidth}{Dim(Seconds(took))}");
        }
        else if (value.TakesLong)
        {
            Line($"  {value.Engine,-NameWidth}{Dim(value.Text + " …")}");
        }
    }

    public void Line(string text = "")
    {
        lock (_gate)
        {
            output.WriteLine(text);
        }
    }

    public void Table(Spectre.Console.Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No });
        // Addresses are meant to be copied: the terminal may wrap the line, but it must not be cut.
        console.Profile.Width = TableWidth;
        lock (_gate)
        {
            console.Write(table);
        }
    }

    /// <summary>Shows a failure in one line, with its details below.</summary>
    public void Fail(EngineException failure)
    {
        lock (_gate)
        {
            errors.WriteLine(colour ? $"\e[31m{failure.Message}\e[0m" : failure.Message);
            foreach (var line in failure.Details.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                errors.WriteLine("    " + line.TrimEnd());
            }
        }
    }

    /// <summary>Replaces the last line. Only to be called if <see cref="IsLive"/>.</summary>
    public void Live(string text)
    {
        lock (_gate)
        {
            output.Write($"\r\e[K{text}");
        }
    }

    public bool IsLive => colour;

    public string Dim(string text) => colour ? $"\e[2m{text}\e[0m" : text;

    private static string Seconds(TimeSpan took) =>
        took == TimeSpan.Zero ? "" : took.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(7) + " s";
}
