using System.Diagnostics;
using System.Text;

namespace Orders.AppHost.Aws;

/// <summary>Runs a command of the CDK, and passes on each line as it is written.</summary>
/// <param name="program">The CDK.</param>
/// <param name="folder">Its working directory.</param>
/// <param name="tell">Receives each line of its standard output and standard error.</param>
internal sealed class CdkCommand(CdkProgram program, string folder, Action<string> tell)
{
    /// <summary>
    /// Runs the command until it exits. Cancellation kills it; work that CloudFormation has begun continues.
    /// </summary>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DistributedApplicationException">It failed; the message is one line that says what
    /// to do.</exception>
    public async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        using var process = Process.Start(new ProcessStartInfo(program.File, [.. program.Arguments, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        // Non-interactive: there is no terminal.
        process.StandardInput.Close();
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

        if (process.ExitCode != 0)
        {
            throw new DistributedApplicationException(CdkFailure.Explain(arguments[0], process.ExitCode, output.ToString()));
        }

        void Take(object sender, DataReceivedEventArgs line)
        {
            if (string.IsNullOrWhiteSpace(line.Data))
            {
                return;
            }

            lock (output)
            {
                output.AppendLine(line.Data);
            }

            tell(line.Data);
        }
    }
}
