using System.CommandLine;
using Orders.Engines.Processes;
using Orders.Local.Cli;
using Orders.Local.Run;
using Orders.ServiceDefaults.Hosting;

ProcessEnvironment.Settle();
ProcessEnvironment.ForgetAws();
ProcessEnvironment.ForgetListeners();

// Nobody else on this machine may read what the services and engines write.
Native.CreateForOwnerOnly();

// This program handles signals from its first moment to its last: it stops services before engines.
return await LocalCommand.Create(settings => new LocalRun(settings, Screen.Console).RunAsync())
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
