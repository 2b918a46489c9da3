using System.CommandLine;
using Orders.Local.Cli;
using Orders.Local.Run;
using Orders.ServiceDefaults.Hosting;

ProcessEnvironment.Settle();
ProcessEnvironment.ForgetAws();
ProcessEnvironment.ForgetListeners();

// This program handles signals from its first moment to its last: it stops services before engines.
return await LocalCommand.Create(settings => new LocalRun(settings, Screen.Console).RunAsync())
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
