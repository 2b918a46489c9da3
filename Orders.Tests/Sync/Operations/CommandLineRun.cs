using Orders.ServiceDefaults.Commands;
using Orders.Sync;

namespace Orders.Tests.Sync.Operations;

/// <summary>A command line and what came of it.</summary>
internal sealed record CommandLineRun(int ExitCode, string Out, string Error)
{
    public static async Task<CommandLineRun> Async(IReadOnlyDictionary<string, string?>? settings, string answer, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var exitCode = await SyncCommands.RunAsync(arguments, settings, new Terminal(new StringReader(answer), output, error));
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }
}
