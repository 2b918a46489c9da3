using System.CommandLine;
using Orders.Local.Cli;
using Orders.Local.Run;
using Orders.ServiceDefaults.Hosting;

ProcessEnvironment.Settle();
ProcessEnvironment.ForgetAws();
ProcessEnvironment.ForgetListeners();

// Signals are ours, from the first moment to the last: they stop services before engines.
return await LocalCommand.Create(settings => new LocalRun(settings, Screen.Console).RunAsync())
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
