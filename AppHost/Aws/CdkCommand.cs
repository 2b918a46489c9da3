using System.Diagnostics;
using System.Text;

namespace Orders.AppHost.Aws;

/// <summary>Runs a command of the CDK, and hands on each line as it is written.</summary>
/// <param name="program">The CDK.</param>
/// <param name="folder">Its working directory.</param>
/// <param name="tell">Takes each line of both of its outputs.</param>
internal sealed class CdkCommand(CdkProgram program, string folder, Action<string> tell)
{
    /// <summary>
    /// Runs it to its end. Cancelling ends it; what CloudFormation has begun goes on there.
    /// </summary>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DistributedApplicationException">It failed; the message is one line with the way
    /// out.</exception>
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
        // It has nobody to ask.
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
