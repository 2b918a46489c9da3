using System.CommandLine;
using Orders.Bench;
using Orders.Bench.Cli;
using Orders.Local.Cli;

return await BenchCommand.Create(settings => new BenchRun(settings, Screen.Console).RunAsync())
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
