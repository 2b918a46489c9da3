using System.Diagnostics;
using System.Text;

namespace Orders.Engines.Processes;

/// <summary>Runs a program until it exits, and returns its output.</summary>
internal static class ShortProcess
{
    /// <param name="ExitCode">Its exit code.</param>
    /// <param name="Output">All of its output, including standard error.</param>
    /// <param name="Answer">Only its standard output.</param>
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
