using System.Diagnostics;
using System.Text;

namespace Orders.Engines.Processes;

/// <summary>Runs a program to its end and takes what it says.</summary>
internal static class ShortProcess
{
    /// <param name="ExitCode">What it ended with.</param>
    /// <param name="Output">All that it said, warnings included.</param>
    /// <param name="Answer">What it said on its standard output alone.</param>
    public sealed record Outcome(int ExitCode, string Output, string Answer);

    public static async Task<Outcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        CancellationToken cancellationToken,
        SystemUser? user = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = Launcher.Prepare(program, arguments, folder, user);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = await Launcher.StartAsync(start);
        process.StandardInput.Close();
        var (output, answer) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, line) => answer.AppendLine(line.Data);
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, output.ToString().Trim(), answer.ToString().Trim());

        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }
    }
}
